/** The kinds of resources that Lambda keeps. AWS: versions and aliases are asked as their function, whose tags they have. */
import { AwsError, formatArn, resourcePolicyOf } from '../../../model/index.ts'
import { compiledBoundPolicy } from '../../kernel/bound-policy.ts'
import { resourceKind } from '../../kernel/resource-kind.ts'
import { joinTags, tagsInRecord } from '../../kernel/tagging.ts'
import { invalidValue } from './engine/errors.ts'
import { type FunctionRef, notFound, policyKey } from './engine/find.ts'
import { type LayerRef, type LayerVersionRef, layerKey, layerNotFound } from './engine/find-layer.ts'
import {
  type EventSourceMapping,
  eventSourceMappings,
  functions,
  layerPolicies,
  layers,
  layerVersions,
  policies,
  type StoredFunction,
} from './state.ts'

/** A function, named by a reference; the policy is that of exactly what is named, a version or an alias too. */
export const functionKind = resourceKind({
  service: 'lambda',
  table: functions,
  key: (stored) => stored.name,
  found: (ctx, ref: FunctionRef) => {
    const { name, account, region, qualifiedArn: arn } = ref
    const record = region === ctx.region ? ctx.table(functions, account, region).get(name) : undefined
    return { record, arn, account, region, ref }
  },
  absent: ({ arn }) => notFound(arn),
  policy: ({ ref, arn, account, region }, ctx) => {
    const stored = ctx.table(policies, account, region).get(policyKey(ref))
    return stored && compiledBoundPolicy(stored.policy, ctx.cloud.directory, resourcePolicyOf(arn))
  },
  tags: tagsInRecord<StoredFunction>({ join: joinTags(invalidValue), creation: 'TagResource' }),
})

export const layerKind = resourceKind({
  service: 'lambda',
  table: layers,
  key: ({ name }) => name,
  found: (ctx, { name, arn, account, region }: LayerRef) => {
    const record = region === ctx.region ? ctx.table(layers, account, region).get(name) : undefined
    return { record, arn, account, region }
  },
  absent: layerNotFound,
  policy: 'none',
  tags: 'none',
})

/** A version of a layer, under the policy that is its own. */
export const layerVersionKind = resourceKind({
  service: 'lambda',
  table: layerVersions,
  key: layerKey,
  found: (ctx, ref: LayerVersionRef) => {
    const { arn, account, region } = ref
    const record =
      region === ctx.region ? ctx.table(layerVersions, account, region).get(layerKey(ref)) : undefined
    return { record, arn, account, region, ref }
  },
  absent: layerNotFound,
  policy: ({ ref, arn, account, region }, ctx) => {
    const stored = ctx.table(layerPolicies, account, region).get(layerKey(ref))
    return stored && compiledBoundPolicy(stored.policy, ctx.cloud.directory, resourcePolicyOf(arn))
  },
  tags: 'none',
})

/** AWS: a mapping is asked about with the function that it works for (lambda:FunctionArn). */
export const mappingKind = resourceKind({
  service: 'lambda',
  table: eventSourceMappings,
  key: ({ uuid }: EventSourceMapping) => uuid,
  found: (ctx, uuid: string) => {
    const { account, region } = ctx
    const arn = formatArn('lambda', region, account, `event-source-mapping:${uuid}`)
    return { record: ctx.table(eventSourceMappings).get(uuid), arn, account, region }
  },
  absent: () =>
    new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', {
      fields: { Type: 'User' },
    }),
  policy: 'none',
  conditions: ({ record }) => record && { 'lambda:FunctionArn': record.functionArn },
  tags: tagsInRecord<EventSourceMapping>({ join: joinTags(invalidValue), creation: 'TagResource' }),
})

export const kinds = [functionKind, layerKind, layerVersionKind, mappingKind]
