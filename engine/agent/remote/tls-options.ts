import { constants } from 'node:crypto';
import { createSecureContext, type SecureContext, type TlsOptions } from 'node:tls';
import type { TlsIdentity } from '../trust/certificate.ts';

/**
 * Mutual TLS 1.3 among pinned certificates, nothing else: the pinned certificates are the only authorities. Without tickets,
 * because a resumed session shows no certificate, and a client without one was accepted that way.
 */
export function serverTlsOptions(identity: TlsIdentity, pinnedCertificates: readonly string[]): TlsOptions {
  return {
    key: identity.keyPem,
    cert: identity.certificatePem,
    // An empty list trusts nobody; leaving it out would trust the machine's authorities.
    ca: [...pinnedCertificates],
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.3',
    maxVersion: 'TLSv1.3',
    secureOptions: constants.SSL_OP_NO_TICKET,
  };
}

/**
 * The same as a context for TLS's server name callback, because a server passes this one option on to no other:
 * OpenSSL looks for an issuer by name and takes the first; with it, it also looks for the very certificate, so that two
 * devices, or one device's old and new certificate, may have the same name.
 */
export function serverTlsContext(identity: TlsIdentity, pinnedCertificates: readonly string[]): SecureContext {
  return createSecureContext({ ...serverTlsOptions(identity, pinnedCertificates), allowPartialTrustChain: true });
}
