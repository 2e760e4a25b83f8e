#include "proxy/net/tls_reason.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

namespace spillway::net {

namespace {

std::string_view explain_certificate(long verify_result) noexcept {
    switch (verify_result) {
    case X509_V_ERR_CERT_HAS_EXPIRED: return "certificate expired";
    case X509_V_ERR_CERT_NOT_YET_VALID: return "certificate not yet valid";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH: return "certificate for another name";
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT: return "certificate self-signed";
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        return "certificate issuer unknown or chain incomplete";
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL: return "certificate key too weak";
    case X509_V_ERR_CA_MD_TOO_WEAK: return "certificate signature too weak";
    case X509_V_ERR_INVALID_PURPOSE: return "certificate not meant for this use";
    case X509_V_ERR_CERT_REVOKED: return "certificate revoked";
    default: return "certificate not accepted";
    }
}

// Alerts that the other end sent us.
std::string_view explain_alert(int reason) noexcept {
    switch (reason) {
    case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
        return "alert of the other end: no common ground (handshake_failure)";
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION: return "alert of the other end: protocol version";
    case SSL_R_TLSV1_ALERT_INSUFFICIENT_SECURITY:
        return "alert of the other end: insufficient security";
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA: return "alert of the other end: unknown issuer";
    case SSL_R_TLSV1_UNRECOGNIZED_NAME: return "alert of the other end: unrecognized name";
    case SSL_R_TLSV1_ALERT_INTERNAL_ERROR: return "alert of the other end: internal error";
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
        return "alert of the other end: certificate required";
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
        return "alert of the other end: our certificate was not accepted";
    default: return "alert of the other end";
    }
}

std::string_view explain_protocol(int reason) noexcept {
    switch (reason) {
    case SSL_R_HTTP_REQUEST:
    case SSL_R_HTTPS_PROXY_REQUEST: return "plain HTTP on the TLS port";
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_PACKET_LENGTH_TOO_LONG: return "no TLS on this port";
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_VERSION_TOO_LOW:
    case SSL_R_NO_PROTOCOLS_AVAILABLE: return "protocol version too old";
    case SSL_R_NO_SHARED_CIPHER: return "no common cipher suite";
    case SSL_R_NO_APPLICATION_PROTOCOL: return "no common application protocol";
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE: return "no certificate from the other end";
    case SSL_R_UNEXPECTED_EOF_WHILE_READING: return "connection cut off without a TLS close";
    case SSL_R_WRONG_SIGNATURE_TYPE:
    case SSL_R_EE_KEY_TOO_SMALL:
    case SSL_R_DH_KEY_TOO_SMALL: return "cryptography too weak";
    default: return "TLS protocol error";
    }
}

}  // namespace

std::string_view explain_tls(long verify_result, unsigned long error) noexcept {
    if (verify_result != X509_V_OK) return explain_certificate(verify_result);
    if (ERR_GET_LIB(error) != ERR_LIB_SSL) return "TLS protocol error";
    const int reason = ERR_GET_REASON(error);
    return reason >= SSL_AD_REASON_OFFSET ? explain_alert(reason) : explain_protocol(reason);
}

}  // namespace spillway::net
