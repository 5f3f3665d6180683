/**
 * Who git is run by: what `aws codecommit credential-helper` and git-remote-codecommit give as user name and password, or
 * an access key with its secret.
 */
import { createHash } from 'node:crypto'
import type { Cloud } from '../../../kernel/cloud.ts'
import { findCredential } from '../../../kernel/find-credential.ts'
import type { Identity } from '../../../kernel/identity.ts'
import { sameText, sign, signingKey } from '../../../kernel/signing-key.ts'
import type { Address } from './address.ts'

/** AWS: a signature is good for 15 minutes around the server's time. */
const SKEW_MS = 15 * 60 * 1000

const SIGNED = /^(\d{8})T(\d{2})(\d{2})(\d{2})Z([0-9a-f]{64})$/

/** Gives who asks, or why nobody is let in. */
export function identify(
  cloud: Cloud,
  authorization: string | undefined,
  host: string,
  address: Address,
): Identity | string {
  const [scheme = '', encoded = ''] = (authorization ?? '').split(' ')
  if (scheme.toLowerCase() !== 'basic') return 'Give credentials of the AWS credential helper for CodeCommit.'
  const [user = '', ...rest] = Buffer.from(encoded, 'base64').toString().split(':')
  const [id = '', ...token] = user.split('%')
  const password = rest.join(':')
  const credential = lookUp(cloud, id, token.length ? token.join('%') : undefined)
  if (typeof credential === 'string') return credential
  const problem = passwordProblem(cloud, credential.secretAccessKey, password, { host, address })
  if (problem !== undefined) return problem
  const { identity } = credential
  return {
    ...identity,
    accessKeyId: id,
    context: { ...identity.context, 'aws:SourceIp': '127.0.0.1' },
  }
}

function lookUp(cloud: Cloud, id: string, token: string | undefined) {
  try {
    return findCredential(cloud, id, token) ?? 'There is no such access key.'
  } catch (error) {
    return (error as Error).message
  }
}

function passwordProblem(
  cloud: Cloud,
  secret: string,
  password: string,
  { host, address }: { host: string; address: Address },
): string | undefined {
  const signed = SIGNED.exec(password)
  // Here, unlike on AWS, the secret itself will do: a user's own git then needs no helper.
  if (!signed) return sameText(password, secret) ? undefined : 'The password is not right.'
  const [, date = '', hour, minute, second, signature = ''] = signed
  const day = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`
  const at = Date.parse(`${day}T${hour}:${minute}:${second}Z`)
  if (!(Math.abs(cloud.clock.now() - at) <= SKEW_MS)) return 'The signature has expired.'
  const scope = { date, region: address.region, service: 'codecommit' }
  const key = signingKey(secret, scope)
  // The timestamp is signed without its Z. The credential helper signs the host without its port, git-remote-codecommit
  // with it.
  const timestamp = `${date}T${hour}${minute}${second}`
  const isRight = [host.replace(/:\d+$/, ''), host].some((name) => {
    const canonical = `GIT\n${address.path}\n\nhost:${name}\n\nhost\n`
    const hash = createHash('sha256').update(canonical).digest('hex')
    return sameText(sign(key, timestamp, scope, hash), signature)
  })
  return isRight
    ? undefined
    : `The signature is not right for ${address.path} in ${address.region}: is that the region it was made for, and is credential.UseHttpPath set?`
}
