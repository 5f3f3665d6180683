/** ecr:GetAuthorizationToken, and reading the token again when a client logs in with it. */
import { AwsError } from '../../../../model/index.ts'
import type { Cloud } from '../../../kernel/cloud.ts'
import type { Identity } from '../../../kernel/identity.ts'
import { operation } from '../../../kernel/operation.ts'

const LIFE = 12 * 3_600_000

const sealedFor = (expiration: number): string => `ecr:${expiration}`

/**
 * Gives a password that carries an identity, sealed.
 * AWS: it is good for twelve hours, also where the session it was asked for with ends before.
 */
function passwordFor(cloud: Cloud, identity: Identity, expiration: number): string {
  const { session } = identity
  const lasting = session ? { ...identity, session: { ...session, expiresAt: expiration } } : identity
  const { sessionToken } = cloud.sealer.seal(lasting, sealedFor(expiration))
  const token = { payload: sessionToken, version: '2', type: 'DATA_KEY', expiration }
  return Buffer.from(JSON.stringify(token)).toString('base64')
}

/** Errors: Unauthorized for what is no password of this cloud's, Expired after twelve hours. */
export function openPassword(cloud: Cloud, password: string): Identity {
  const { payload, expiration } = parse(password)
  const now = cloud.clock.now()
  if (typeof expiration === 'number' && expiration <= now)
    throw new AwsError('Expired', 'Your authorization token has expired. Reauthenticate and try again.')
  try {
    return cloud.sealer.open(sealedFor(Number(expiration)), String(payload), now).identity
  } catch {
    throw new AwsError('Unauthorized', 'Not Authorized')
  }
}

function parse(password: string): { payload?: unknown; expiration?: unknown } {
  try {
    return JSON.parse(Buffer.from(password, 'base64').toString())
  } catch {
    return {}
  }
}

/** AWS: the token is good for every registry that its identity may reach; naming registries only repeats it. */
export const GetAuthorizationToken = operation({
  service: 'ecr',
  name: 'GetAuthorizationToken',
  // AWS: the action has no resource.
  access: () => [{ action: 'ecr:GetAuthorizationToken', resource: '*' }],
  run: ({ registryIds }, { cloud, identity, account }) => {
    const expiration = cloud.clock.now() + LIFE
    const password = passwordFor(cloud, identity, expiration)
    return {
      authorizationData: (registryIds ?? [account]).map(() => ({
        authorizationToken: Buffer.from(`AWS:${password}`).toString('base64'),
        expiresAt: new Date(expiration),
        proxyEndpoint: cloud.endpoint,
      })),
    }
  },
})
