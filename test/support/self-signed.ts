/** A certificate signed by itself, made of its bytes (RFC 5280 §4.1), because the crypto module of Node can only read one. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

export interface SelfSigned {
  readonly privateKey: KeyObject;
  readonly pem: string;
}

/** @param from and to: how long it is valid, years before 2050 */
export function selfSigned(name: string, from = new Date('2020-01-01'), to = new Date('2049-12-31')): SelfSigned {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  // sha256WithRSAEncryption
  const algorithm = sequence(Buffer.from('06092a864886f70d01010b0500', 'hex'));
  const commonName = sequence(tlv(0x31, sequence(Buffer.from('0603550403', 'hex'), tlv(0x0c, Buffer.from(name)))));
  const validity = sequence(tlv(0x17, utcTime(from)), tlv(0x17, utcTime(to)));
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const body = sequence(tlv(0x02, Buffer.from([1])), algorithm, commonName, validity, commonName, spki);
  const signature = tlv(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', body, privateKey)]));
  const base64 = sequence(body, algorithm, signature).toString('base64').replace(/.{64}/g, '$&\n');
  return { privateKey, pem: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n` };
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tlv(0x30, Buffer.concat(parts));
}

/** Tag, length, value (X.690). */
function tlv(tag: number, value: Buffer): Buffer {
  const size = value.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), value]);
}

function utcTime(at: Date): Buffer {
  return Buffer.from(`${at.toISOString().slice(2, 19).replace(/[-T:]/g, '')}Z`);
}
