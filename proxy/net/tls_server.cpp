#include "proxy/net/tls_server.hpp"

#include "proxy/base/check.hpp"
#include "proxy/net/tls_ticket_keys.hpp"

#include <openssl/core_names.h>
#include <openssl/params.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>

namespace spillway::net {

namespace {

// The keys belong to the SSL_CTX, which lives as long as its last connection.
void free_keys(void*, void* keys, CRYPTO_EX_DATA*, int, long, void*) {
    delete static_cast<tls_ticket_keys*>(keys);
}

int keys_slot() {
    static const int slot = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, &free_keys);
    return slot;
}

enum ticket_verdict : int {
    ticket_failed = -1,
    ticket_unknown = 0,
    ticket_good = 1,
    ticket_good_but_renew = 2
};

bool use_key(const tls_ticket_keys::key& key, EVP_MAC_CTX* mac) {
    std::array<char, 7> name{"SHA256"};
    digest secret = key.mac;
    const std::array<OSSL_PARAM, 3> parameters{
        OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, secret.data(), secret.size()),
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.data(), 0),
        OSSL_PARAM_construct_end()};
    return EVP_MAC_CTX_set_params(mac, parameters.data()) == 1;
}

int seal_ticket(
    const tls_ticket_keys::key& key,
    unsigned char* name,
    unsigned char* iv,
    EVP_CIPHER_CTX* cipher,
    EVP_MAC_CTX* mac
) {
    fill_randomly({iv, EVP_MAX_IV_LENGTH});
    std::copy(key.name.begin(), key.name.end(), name);
    const bool set =
        EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), nullptr, key.cipher.data(), iv) == 1 &&
        use_key(key, mac);
    return set ? ticket_good : ticket_failed;
}

// Called by OpenSSL to seal (enc == 1) or open a ticket.
int ticket_key(
    SSL* connection,
    unsigned char* name,
    unsigned char* iv,
    EVP_CIPHER_CTX* cipher,
    EVP_MAC_CTX* mac,
    int enc
) {
    auto& keys =
        *static_cast<tls_ticket_keys*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(connection), keys_slot())
        );
    keys.advance(base::clock::now());
    if (enc == 1) return seal_ticket(keys.current(), name, iv, cipher, mac);
    const tls_ticket_keys::key* const key = keys.find(std::span<const std::uint8_t, 16>{name, 16});
    if (key == nullptr) return ticket_unknown;
    const bool set =
        EVP_DecryptInit_ex(cipher, EVP_aes_256_cbc(), nullptr, key->cipher.data(), iv) == 1 &&
        use_key(*key, mac);
    if (!set) return ticket_failed;
    // A TLS 1.3 ticket is used once, so whoever resumes needs the next one.
    const bool renew = key != &keys.current() || SSL_version(connection) >= TLS1_3_VERSION;
    return renew ? ticket_good_but_renew : ticket_good;
}

// RFC 7301: a client that offers protocols, but not ours, is refused.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered, unsigned int offered_size, void*) {
    unsigned char* found = nullptr;
    const int outcome = SSL_select_next_proto(
        &found, size, http_1_1.data(), http_1_1.size(), offered, offered_size
    );
    *chosen = found;
    return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

// A key with a passphrase must fail, not ask on the terminal.
int no_passphrase(char*, int, int, void*) {
    return 0;
}

void load_identity(SSL_CTX* context, const tls_server_files& files) {
    SSL_CTX_set_default_passwd_cb(context, &no_passphrase);
    must_succeed(
        SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()),
        "cannot use the TLS certificate in " + files.certificate
    );
    must_succeed(
        SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM),
        "cannot use the TLS key in " + files.key
    );
    must_succeed(
        SSL_CTX_check_private_key(context),
        "the TLS key in " + files.key + " does not belong to " + files.certificate
    );
}

void ask_for_client_certificates(SSL_CTX* context, const std::string& ca_file) {
    const std::string complaint = "cannot use the authorities of clients in " + ca_file;
    must_succeed(SSL_CTX_load_verify_file(context, ca_file.c_str()), complaint);
    STACK_OF(X509_NAME)* const names = SSL_load_client_CA_file(ca_file.c_str());
    if (names == nullptr) complain_of_tls(complaint);
    SSL_CTX_set_client_CA_list(context, names);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
}

void issue_tickets(SSL_CTX* context, const ticket_secret& secret) {
    static constexpr std::array<unsigned char, 8> name{'s', 'p', 'i', 'l', 'l', 'w', 'a', 'y'};
    SSL_CTX_set_session_id_context(context, name.data(), name.size());
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);  // stateless tickets only
    SSL_CTX_set_num_tickets(context, 1);
    SSL_CTX_set_timeout(
        context, std::chrono::duration_cast<std::chrono::seconds>(tls_ticket_keys::period).count()
    );
    auto keys = std::make_unique<tls_ticket_keys>(secret);
    must_succeed(SSL_CTX_set_ex_data(context, keys_slot(), keys.get()), "cannot keep ticket keys");
    keys.release();
    SSL_CTX_set_tlsext_ticket_key_evp_cb(context, &ticket_key);
}

}  // namespace

tls_server::tls_server(const tls_server_files& files, const ticket_secret& secret)
    : context_{make_ssl_context(tls_session::role::server)} {
    SSL_CTX* const context = context_.get();
    SSL_CTX_set_options(context, SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
    load_identity(context, files);
    if (!files.client_ca.empty()) ask_for_client_certificates(context, files.client_ca);
    SSL_CTX_set_alpn_select_cb(context, &choose_protocol, nullptr);
    issue_tickets(context, secret);
}

std::unique_ptr<tls_session> tls_server::accept() {
    SSL* const connection = SSL_new(context_.get());
    SPILLWAY_CHECK(connection != nullptr);
    return std::make_unique<tls_session>(connection, tls_session::role::server);
}

}  // namespace spillway::net
