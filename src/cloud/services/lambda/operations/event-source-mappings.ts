/** Event source mappings: what has Lambda fetch messages of a queue for a function. */
import { AwsError } from '../../../../model/index.ts'
import type { Output } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { invalidValue } from '../engine/errors.ts'
import { type FunctionRef, reference } from '../engine/find.ts'
import { findVersion } from '../engine/find-version.ts'
import { MappedQueue } from '../engine/mapped-queue.ts'
import { settingsOf, sourceQueue } from '../engine/mapping-settings.ts'
import { settleMapping } from '../engine/queue-poller.ts'
import { functionKind, mappingKind } from '../kinds.ts'
import { type EventSourceMapping, eventSourceMappings } from '../state.ts'

function describe(ctx: Context, mapping: EventSourceMapping): Output<'lambda', 'GetEventSourceMapping'> {
  const { uuid, filters, maximumConcurrency } = mapping
  return {
    UUID: uuid,
    EventSourceMappingArn: mappingKind.on(ctx, 'GetEventSourceMapping', uuid).resource,
    EventSourceArn: mapping.sourceArn,
    FunctionArn: mapping.functionArn,
    BatchSize: mapping.batchSize,
    MaximumBatchingWindowInSeconds: mapping.batchingWindow,
    FilterCriteria: filters.length ? { Filters: filters.map((Pattern) => ({ Pattern })) } : undefined,
    FunctionResponseTypes: mapping.reportsItemFailures ? ['ReportBatchItemFailures'] : [],
    ScalingConfig: maximumConcurrency === undefined ? undefined : { MaximumConcurrency: maximumConcurrency },
    LastModified: new Date(mapping.lastModified),
    State: mapping.state,
    StateTransitionReason: 'USER_INITIATED',
  } as never
}

/** Errors: ResourceNotFoundException for the function, InvalidParameterValueException as `MappedQueue.check`. */
async function checkQueue(ctx: Context, ref: FunctionRef, queue: string): Promise<void> {
  const version = findVersion(ctx, ref)
  const opened = await MappedQueue.open(ctx, functionKind.find(ctx, ref), version, queue)
  await opened.check(version)
}

/** AWS: a queue is mapped to a function, version or alias once. Errors: ResourceConflictException. */
function checkFree(ctx: Context, queue: string, ref: FunctionRef, own?: string): void {
  const other = ctx
    .table(eventSourceMappings)
    .values()
    .find((one) => one.sourceArn === queue && one.functionArn === ref.qualifiedArn && one.uuid !== own)
  if (!other) return
  throw new AwsError(
    'ResourceConflictException',
    `An event source mapping with SQS arn (" ${queue} ") and function (" ${ref.name} ") already exists. ` +
      `Please update or delete the existing mapping with UUID ${other.uuid}`,
    { fields: { Type: 'User' } },
  )
}

/** Errors: ResourceInUseException while the mapping is being made, changed or deleted. */
function settled(ctx: Context, uuid: string, verb: string): EventSourceMapping {
  const found = mappingKind.find(ctx, uuid)
  if (found.state === 'Enabled' || found.state === 'Disabled') return found
  throw new AwsError(
    'ResourceInUseException',
    `Cannot ${verb} the event source mapping because it is in use.`,
    { fields: { Type: 'User' } },
  )
}

function put(ctx: Context, mapping: EventSourceMapping) {
  ctx.table(eventSourceMappings).put(mapping.uuid, mapping)
  settleMapping(ctx, mapping.uuid)
  return describe(ctx, mapping)
}

/** AWS: creating takes no resource; tags are asked of the mapping, whose id is not known yet. */
export const CreateEventSourceMapping = operation({
  service: 'lambda',
  name: 'CreateEventSourceMapping',
  access: ({ FunctionName, Tags }, ctx) => [
    {
      action: 'lambda:CreateEventSourceMapping',
      resource: '*',
      context: { 'lambda:FunctionArn': reference(ctx, FunctionName!).qualifiedArn },
    },
    ...mappingKind.onNewTags(ctx, '*', Tags),
  ],
  run: async (input, ctx) => {
    const ref = reference(ctx, input.FunctionName!)
    const queue = sourceQueue(ctx.region, input)
    const settings = settingsOf(input, queue)
    await checkQueue(ctx, ref, queue)
    checkFree(ctx, queue, ref)
    return put(ctx, {
      ...settings,
      uuid: ctx.cloud.ids.uuid(),
      sourceArn: queue,
      functionArn: ref.qualifiedArn,
      state: 'Creating',
      lastModified: ctx.cloud.clock.now(),
      tags: mappingKind.newTags(Object.entries(input.Tags ?? {})),
    })
  },
})

export const UpdateEventSourceMapping = operation({
  service: 'lambda',
  name: 'UpdateEventSourceMapping',
  access: ({ UUID }, ctx) => [mappingKind.on(ctx, 'UpdateEventSourceMapping', UUID!)],
  run: async (input, ctx) => {
    const before = settled(ctx, input.UUID!, 'update')
    const ref = reference(ctx, input.FunctionName ?? before.functionArn)
    const settings = settingsOf(input, before.sourceArn, before)
    await checkQueue(ctx, ref, before.sourceArn)
    checkFree(ctx, before.sourceArn, ref, before.uuid)
    const { enabled } = settings
    return put(ctx, {
      ...settled(ctx, before.uuid, 'update'),
      ...settings,
      functionArn: ref.qualifiedArn,
      state: enabled === before.enabled ? 'Updating' : enabled ? 'Enabling' : 'Disabling',
      lastModified: ctx.cloud.clock.now(),
    })
  },
})

export const GetEventSourceMapping = operation({
  service: 'lambda',
  name: 'GetEventSourceMapping',
  access: ({ UUID }, ctx) => [mappingKind.on(ctx, 'GetEventSourceMapping', UUID!)],
  run: ({ UUID }, ctx) => describe(ctx, mappingKind.find(ctx, UUID!)),
})

export const DeleteEventSourceMapping = operation({
  service: 'lambda',
  name: 'DeleteEventSourceMapping',
  access: ({ UUID }, ctx) => [mappingKind.on(ctx, 'DeleteEventSourceMapping', UUID!)],
  run: ({ UUID }, ctx) => put(ctx, { ...settled(ctx, UUID!, 'delete'), state: 'Deleting' }),
})

export const ListEventSourceMappings = operation({
  service: 'lambda',
  name: 'ListEventSourceMappings',
  access: () => [{ action: 'lambda:ListEventSourceMappings', resource: '*' }],
  run: ({ EventSourceArn, FunctionName, Marker, MaxItems }, ctx) => {
    const ref = FunctionName === undefined ? undefined : reference(ctx, FunctionName)
    if (ref) functionKind.find(ctx, ref)
    const all = ctx
      .table(eventSourceMappings)
      .values()
      .filter((one) => EventSourceArn === undefined || one.sourceArn === EventSourceArn)
      .filter((one) => !ref || one.functionArn === ref.qualifiedArn)
    const page = paginate(all, {
      token: Marker,
      limit: MaxItems ?? 100,
      query: `${EventSourceArn} ${ref?.qualifiedArn}`,
      error: () => invalidValue('Invalid Marker'),
    })
    return {
      EventSourceMappings: page.items.map((one) => describe(ctx, one)),
      NextMarker: page.nextToken,
    }
  },
})
