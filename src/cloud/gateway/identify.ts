/** Who calls, by the signature of a request. */
import type { ServiceId } from '../kernel/api.ts'
import { findCredential } from '../kernel/find-credential.ts'
import { anonymousIdentity, type Identity } from '../kernel/identity.ts'
import type { WireRequest } from '../protocols/index.ts'
import type { Host } from './host.ts'
import { authenticate, type PayloadPolicy, UnknownAccessKey } from './signature/index.ts'

export interface Identified {
  readonly identity: Identity
  readonly service: ServiceId
  readonly region: string
  readonly payload: PayloadPolicy
  /** Condition keys that follow from the signature. */
  readonly conditions?: Readonly<Record<string, string>>
}

/** Gives who calls which service where. Errors: those of signatures. */
export function identify(cloud: Host, wire: WireRequest): Identified {
  const { addressees, clock } = cloud
  const found = authenticate(wire, (id, token) => credential(cloud, id, token), clock.date(), addressees)
  if (found === 'anonymous')
    return {
      identity: anonymousIdentity,
      service: addressees.modelForErrors(wire).name as ServiceId,
      region: 'us-east-1',
      payload: { kind: 'unsigned' },
    }
  return {
    identity: { ...found.credential.identity, accessKeyId: found.accessKeyId },
    service: found.callee.service as ServiceId,
    region: found.scope.region,
    payload: found.payload,
    // Version 2 signatures have no date in their scope.
    conditions: found.callee.rules.conditions?.(found.scope.date === '' ? 2 : 4),
  }
}

function credential(
  cloud: Host,
  accessKeyId: string,
  token: string | undefined,
): { secretAccessKey: string; identity: Identity } {
  const found = findCredential(cloud, accessKeyId, token)
  if (found) return found
  throw new UnknownAccessKey(credentialsHint(cloud))
}

/** Says nothing of secrets: the usual one stands in the documentation. */
function credentialsHint({ accounts }: Host): string {
  const example = accounts?.[0] ?? '111111111111'
  return (
    `The embedded cloud takes the number of an account${accounts ? ` (${accounts.slice(0, 5).join(', ')})` : ''} as the access ` +
    `key id of its root user (AWS_ACCESS_KEY_ID=${example} AWS_SECRET_ACCESS_KEY=test, unless it was started with another ` +
    'secret), and the keys that its own IAM and STS give.'
  )
}
