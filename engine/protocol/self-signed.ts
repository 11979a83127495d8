/** The certificates desktop and agents know each other by. Pure: keys, randomness and the signature are handed in. */
import { AsnConvert } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  Certificate,
  Name,
  RelativeDistinguishedName,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509';

export interface SelfSigned {
  /** Goes over the wire before encryption starts in older TLS: nothing private. */
  commonName: string;
  /** Of a P-256 key, SPKI DER. Ed25519 certificates fail in Electron's BoringSSL. */
  spki: Uint8Array;
  /** SERIAL_BYTES random bytes. */
  serial: Uint8Array;
  notBefore: Date;
  notAfter: Date;
  /** ECDSA with SHA-256 over the bytes by the key of `spki`, DER. */
  sign(bytes: Uint8Array): Uint8Array;
}

export const SERIAL_BYTES = 16;
const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';
const COMMON_NAME = '2.5.4.3';

/**
 * A self-signed X.509 v3 certificate (RFC 5280), DER. Made of the ASN.1 parts of @peculiar/x509: the package itself wants a
 * global polyfill of Reflect.
 */
export function selfSignedCertificate({ commonName, spki, serial, notBefore, notAfter, sign }: SelfSigned): Uint8Array {
  const name = new Name([
    new RelativeDistinguishedName([
      new AttributeTypeAndValue({ type: COMMON_NAME, value: new AttributeValue({ utf8String: commonName }) }),
    ]),
  ]);
  const algorithm = new AlgorithmIdentifier({ algorithm: ECDSA_WITH_SHA256 });
  const body = new TBSCertificate({
    version: Version.v3,
    serialNumber: positive(serial),
    signature: algorithm,
    issuer: name,
    subject: name,
    validity: new Validity({ notBefore, notAfter }),
    subjectPublicKeyInfo: AsnConvert.parse(spki, SubjectPublicKeyInfo),
  });
  const signature = sign(new Uint8Array(AsnConvert.serialize(body)));
  return new Uint8Array(
    AsnConvert.serialize(
      new Certificate({
        tbsCertificate: body,
        signatureAlgorithm: algorithm,
        signatureValue: new Uint8Array(signature).buffer,
      }),
    ),
  );
}

/** Never with a zero byte or a sign bit in front: DER has one form for each number. */
function positive(serial: Uint8Array): ArrayBuffer {
  const bytes = new Uint8Array(serial);
  bytes[0] = (bytes[0]! & 0x7f) | 0x40;
  return bytes.buffer;
}
