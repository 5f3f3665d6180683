/**
 * Temporary credentials without a table: the session token is the session itself, sealed with the cloud's own key.
 * So AssumeRole writes nothing, and a session outlives a restart.
 */
import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto'
import { AwsError } from '../../model/index.ts'
import { randomBytes } from '../machine/random-bytes.ts'
import type { Identity } from './identity.ts'

export interface TemporaryCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
}

export class CredentialSealer {
  private readonly key: Buffer

  /** `key` is 32 random bytes, kept with the cloud's data. */
  constructor(key: Buffer) {
    this.key = key
  }

  private secretFor(accessKeyId: string): string {
    return createHmac('sha256', this.key).update(accessKeyId).digest('base64').slice(0, 40)
  }

  /** Gives credentials for an identity; `accessKeyId` begins with `ASIA`. */
  seal(identity: Identity, accessKeyId: string): TemporaryCredentials {
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce)
    const content = Buffer.from(JSON.stringify({ ...identity, accessKeyId }))
    const sealed = Buffer.concat([nonce, cipher.update(content), cipher.final(), cipher.getAuthTag()])
    return {
      accessKeyId,
      secretAccessKey: this.secretFor(accessKeyId),
      sessionToken: sealed.toString('base64'),
    }
  }

  /**
   * Gives the identity and the secret behind a session token.
   * Errors: InvalidClientTokenId when the token is not ours or belongs to another key, ExpiredToken after its time.
   */
  open(
    accessKeyId: string,
    sessionToken: string,
    now: number,
  ): { secretAccessKey: string; identity: Identity } {
    const identity = this.decrypt(sessionToken)
    if (!identity || identity.accessKeyId !== accessKeyId)
      throw new AwsError('InvalidClientTokenId', 'The security token included in the request is invalid.', {
        status: 403,
      })
    if (identity.session && identity.session.expiresAt <= now)
      throw new AwsError('ExpiredToken', 'The security token included in the request is expired', {
        status: 403,
      })
    return { secretAccessKey: this.secretFor(accessKeyId), identity }
  }

  /** Gives what only this cloud can write under a text: for addresses that are handed out and come back. */
  sign(text: string): string {
    return createHmac('sha256', this.key).update(`signed:${text}`).digest('base64url')
  }

  private decrypt(sessionToken: string): Identity | undefined {
    const sealed = Buffer.from(sessionToken, 'base64')
    if (sealed.length < 29) return undefined
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.key, sealed.subarray(0, 12))
      decipher.setAuthTag(sealed.subarray(-16))
      const content = Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()])
      return JSON.parse(content.toString()) as Identity
    } catch {
      return undefined
    }
  }
}
