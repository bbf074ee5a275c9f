/** What of a request an HMAC can be computed of. */
export const hmacParts = ['timestamp', 'method', 'path', 'body'] as const;

/** How a token of OAuth 2 is fetched; its secrets are texts of a kind. */
export interface TokenRequest<Text> {
  /** Where a scenario asks for it. */
  readonly where: string;
  readonly url: string;
  /** The fields of the form, in their order. */
  readonly form: readonly (readonly [name: string, value: Text])[];
  /** What is sent as basic credentials; null where the form says it. */
  readonly client: { readonly id: string; readonly secret: Text } | null;
}

/** How a request is signed once it is put together; its secrets are texts of a kind. */
export type Signing<Text> =
  | {
      /** AWS Signature Version 4. */
      readonly kind: 'aws';
      readonly region: string;
      readonly service: string;
      readonly accessKeyId: Text;
      readonly secretAccessKey: Text;
      readonly sessionToken: Text | null;
    }
  | {
      readonly kind: 'hmac';
      readonly secret: Text;
      readonly header: string;
      readonly algorithm: 'sha256' | 'sha1' | 'sha512';
      readonly encoding: 'hex' | 'base64';
      readonly prefix: string;
      readonly sign: readonly (typeof hmacParts)[number][];
      /** The header that says when; null where none does. */
      readonly timestamp: string | null;
    };

/** The texts that hold the secrets of a signature. */
export function secretsOfSigning<Text>(signing: Signing<Text>): readonly Text[] {
  if (signing.kind === 'hmac') return [signing.secret];
  const { accessKeyId, secretAccessKey, sessionToken } = signing;
  return [accessKeyId, secretAccessKey, ...(sessionToken === null ? [] : [sessionToken])];
}
