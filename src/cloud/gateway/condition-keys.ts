/** The condition keys that policies find in a request. */

import type { ConditionContext } from '../../iam/index.ts'
import { entryOf } from '../../model/index.ts'
import type { AccessRequest } from '../kernel/access-request.ts'
import type { Context } from '../kernel/context.ts'
import type { Membership } from '../kernel/organization.ts'

type Keys = Record<string, string | readonly string[]>

/** Where the caller's account and the resource's stand in the organization. */
interface Places {
  readonly belonging: Membership | undefined
  readonly owning: Membership | undefined
}

/** Gives the condition keys of a permission: what the gateway knows, then what the caller, the call and the service say. */
export function conditionKeys(ctx: Context, request: AccessRequest, places: Places): ConditionContext {
  const { identity, cloud } = ctx
  const { session } = identity
  const keys: Keys = {
    'aws:CurrentTime': cloud.clock.date().toISOString(),
    'aws:EpochTime': String(Math.floor(cloud.clock.now() / 1000)),
    'aws:RequestedRegion': cloud.services.get(ctx.service)?.global ? 'us-east-1' : ctx.region,
    'aws:userid': identity.userId,
    // Loopback stands for the TLS that every real endpoint has.
    'aws:SecureTransport': 'true',
    'aws:ViaAWSService': 'false',
  }
  addOrganizationKeys(keys, ctx, places)
  if (identity.kind === 'user')
    keys['aws:username'] = identity.principalArn.slice(identity.principalArn.lastIndexOf('/') + 1)
  if (session) {
    keys['aws:TokenIssueTime'] = new Date(session.issuedAt).toISOString()
    if (session.sourceIdentity) keys['aws:SourceIdentity'] = session.sourceIdentity
  }
  const tags = cloud.directory.principalTags(identity)
  for (const key in tags) keys[`aws:PrincipalTag/${key}`] = entryOf(tags, key)!
  return Object.assign(keys, identity.context, ctx.conditions, tagsFor(ctx, request), request.context)
}

/** AWS: iam:PassRole and what else a request takes of other services does not see its tags. */
const tagsFor = (
  { service, requestTags }: Context,
  { action }: AccessRequest,
): ConditionContext | undefined => (requestTags && action.startsWith(`${service}:`) ? requestTags : undefined)

/**
 * Condition keys of where caller and resource stand in the organization.
 * AWS: for a service acting by itself, of the account for which it acts.
 */
function addOrganizationKeys(
  keys: Keys,
  { cloud: { organization }, identity }: Context,
  { belonging, owning }: Places,
): void {
  if (!organization) return
  if (belonging) {
    keys['aws:PrincipalOrgID'] = organization.id
    keys['aws:PrincipalOrgPaths'] = belonging.paths
  }
  if (owning) {
    keys['aws:ResourceOrgID'] = organization.id
    keys['aws:ResourceOrgPaths'] = owning.paths
  }
  const source = identity.kind === 'service' ? identity.context?.['aws:SourceAccount'] : undefined
  const acting = typeof source === 'string' ? organization.membership(source) : undefined
  if (!acting) return
  keys['aws:SourceOrgID'] = organization.id
  keys['aws:SourceOrgPaths'] = acting.paths
}
