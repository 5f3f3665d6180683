/** Log groups: create, describe, delete, retention and encryption. */

import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { tagsProblem } from '../../../kernel/tags.ts'
import { makeDataKey } from '../engine/encryption.ts'
import { eventLog } from '../engine/event-log.ts'
import { groupNamed, nameFrom, streamsOf } from '../engine/find.ts'
import { groupArn, groupKind } from '../kinds.ts'
import { groups, type LogGroup, streamKey, streams } from '../state.ts'

const RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]

export const CreateLogGroup = operation({
  service: 'logs',
  name: 'CreateLogGroup',
  access: (input, ctx) => groupKind.onNew(ctx, 'CreateLogGroup', input.logGroupName, input.tags),
  run: async (input, ctx) => {
    refuseUnsupported(input, ['deletionProtectionEnabled'])
    const { logGroupName: name, kmsKeyId, tags = {} } = input
    const table = ctx.table(groups)
    const exists = () =>
      new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists')
    if (table.has(name)) throw exists()
    const problem = tagsProblem({}, tags)
    if (problem) throw new AwsError('InvalidParameterException', problem)
    const arn = groupArn(ctx, name)
    const dataKeys = kmsKeyId ? [await makeDataKey(ctx, kmsKeyId, arn)] : []
    if (table.has(name)) throw exists()
    const createdAt = ctx.cloud.clock.now()
    table.put(name, {
      name,
      arn,
      createdAt,
      class: input.logGroupClass ?? 'STANDARD',
      kmsKeyId,
      dataKeys,
      tags,
    })
    return {}
  },
})

export const DeleteLogGroup = operation({
  service: 'logs',
  name: 'DeleteLogGroup',
  access: (input, ctx) => [groupKind.on(ctx, 'DeleteLogGroup', input.logGroupName)],
  run: ({ logGroupName }, ctx) => {
    groupKind.find(ctx, logGroupName)
    for (const stream of streamsOf(ctx, logGroupName)) {
      ctx.table(streams).delete(streamKey(logGroupName, stream.name))
      eventLog(ctx.cloud).remove(stream.id)
    }
    ctx.table(groups).delete(logGroupName)
    return {}
  },
})

const describe = (ctx: Context, group: LogGroup) => ({
  logGroupName: group.name,
  creationTime: group.createdAt,
  retentionInDays: group.retentionInDays,
  metricFilterCount: 0,
  arn: `${group.arn}:*`,
  storedBytes: streamsOf(ctx, group.name).reduce((sum, stream) => sum + stream.bytes, 0),
  kmsKeyId: group.kmsKeyId,
  logGroupClass: group.class,
  logGroupArn: group.arn,
})

export const DescribeLogGroups = operation({
  service: 'logs',
  name: 'DescribeLogGroups',
  access: (_input, ctx) => [groupKind.on(ctx, 'DescribeLogGroups', '')],
  run: (input, ctx) => {
    refuseUnsupported(input, ['accountIdentifiers', 'includeLinkedAccounts'])
    const { logGroupNamePrefix, logGroupNamePattern, logGroupClass, nextToken, limit = 50 } = input
    const wanted = input.logGroupIdentifiers?.map(nameFrom)
    if (logGroupNamePrefix !== undefined && logGroupNamePattern !== undefined)
      throw new AwsError(
        'InvalidParameterException',
        'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
      )
    const all = ctx
      .table(groups)
      .values()
      .filter((one) => one.name.startsWith(logGroupNamePrefix ?? ''))
      .filter((one) => one.name.toLowerCase().includes((logGroupNamePattern ?? '').toLowerCase()))
      .filter((one) => !logGroupClass || one.class === logGroupClass)
      .filter((one) => !wanted || wanted.includes(one.name))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
    const query = [logGroupNamePrefix, logGroupNamePattern, logGroupClass, wanted]
    const page = paginate(all, { token: nextToken, limit, query, error: invalidToken })
    return { logGroups: page.items.map((one) => describe(ctx, one)), nextToken: page.nextToken }
  },
})

/** The error for a token that is not ours. */
export const invalidToken = (): AwsError =>
  new AwsError('InvalidParameterException', 'The specified nextToken is invalid.')

export const PutRetentionPolicy = operation({
  service: 'logs',
  name: 'PutRetentionPolicy',
  access: (input, ctx) => [groupKind.on(ctx, 'PutRetentionPolicy', input.logGroupName)],
  run: ({ logGroupName, retentionInDays }, ctx) => {
    if (!RETENTIONS.includes(retentionInDays))
      throw new AwsError(
        'InvalidParameterException',
        `1 validation error detected: Value '${retentionInDays}' at 'retentionInDays' failed to satisfy constraint: ` +
          `Member must satisfy enum value set: [${RETENTIONS.join(', ')}]`,
      )
    ctx.table(groups).put(logGroupName, { ...groupKind.find(ctx, logGroupName), retentionInDays })
    return {}
  },
})

export const DeleteRetentionPolicy = operation({
  service: 'logs',
  name: 'DeleteRetentionPolicy',
  access: (input, ctx) => [groupKind.on(ctx, 'DeleteRetentionPolicy', input.logGroupName)],
  run: ({ logGroupName }, ctx) => {
    ctx.table(groups).put(logGroupName, { ...groupKind.find(ctx, logGroupName), retentionInDays: undefined })
    return {}
  },
})

/** What names a group for its key; the API takes a name or an ARN. */
const keyedGroup = (input: { logGroupName?: string; resourceIdentifier?: string }): string =>
  groupNamed({ logGroupName: input.logGroupName, logGroupIdentifier: input.resourceIdentifier })

export const AssociateKmsKey = operation({
  service: 'logs',
  name: 'AssociateKmsKey',
  access: (input, ctx) => [groupKind.on(ctx, 'AssociateKmsKey', keyedGroup(input))],
  run: async (input, ctx) => {
    const name = keyedGroup(input)
    const dataKey = await makeDataKey(ctx, input.kmsKeyId, groupKind.find(ctx, name).arn)
    const group = groupKind.find(ctx, name)
    ctx
      .table(groups)
      .put(name, { ...group, kmsKeyId: input.kmsKeyId, dataKeys: [...group.dataKeys, dataKey] })
    return {}
  },
})

/** AWS: what was written under the key stays encrypted, and the key is still needed to read it. */
export const DisassociateKmsKey = operation({
  service: 'logs',
  name: 'DisassociateKmsKey',
  access: (input, ctx) => [groupKind.on(ctx, 'DisassociateKmsKey', keyedGroup(input))],
  run: (input, ctx) => {
    const name = keyedGroup(input)
    ctx.table(groups).put(name, { ...groupKind.find(ctx, name), kmsKeyId: undefined })
    return {}
  },
})
