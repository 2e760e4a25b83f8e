// Loads what install.py has put away from the tests.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

export const load = createRequire(process.env.SPILLWAY_NODE_MODULES + '/');
// Of packages that are modules only.
export const loadModule = (name) => import(pathToFileURL(load.resolve(name)));
