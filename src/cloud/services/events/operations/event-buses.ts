/** Event buses: create, describe, list, change, delete. */

import { AwsError } from '../../../../model/index.ts'
import { policyText } from '../../../kernel/bound-policy.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { tagMap, tagsProblem } from '../../../kernel/tags.ts'
import { busArn, busRef, invalid, lookUpBus, rulesOf, tagsInvalid } from '../engine/find.ts'
import { busKind } from '../kinds.ts'
import { type Bus, buses, DEFAULT_BUS } from '../state.ts'

const UNSUPPORTED = ['EventSourceName', 'KmsKeyIdentifier', 'DeadLetterConfig', 'LogConfig']

export const CreateEventBus = operation({
  service: 'events',
  name: 'CreateEventBus',
  access: (input, ctx) => busKind.onNew(ctx, 'CreateEventBus', busRef(ctx, input.Name), input.Tags),
  run: (input, ctx) => {
    refuseUnsupported(input, UNSUPPORTED)
    const { Name: name, Description: description } = input
    if (name.includes('/')) throw invalid("Event bus name must not contain '/'.")
    if (lookUpBus(ctx, busRef(ctx, name)))
      throw new AwsError('ResourceAlreadyExistsException', `Event bus ${name} already exists.`)
    const tags = tagMap(input.Tags)
    const problem = tagsProblem({}, tags)
    if (problem) throw tagsInvalid(problem)
    const created = ctx.cloud.clock.now()
    ctx.table(buses).put(name, { name, description, tags, created, modified: created })
    return { EventBusArn: busArn(ctx.region, ctx.account, name), Description: description }
  },
})

export const UpdateEventBus = operation({
  service: 'events',
  name: 'UpdateEventBus',
  access: (input, ctx) => [busKind.on(ctx, 'UpdateEventBus', busRef(ctx, input.Name))],
  run: (input, ctx) => {
    refuseUnsupported(input, UNSUPPORTED)
    const ref = busRef(ctx, input.Name)
    const bus = busKind.find(ctx, ref)
    const description = input.Description
    ctx.table(buses).put(bus.name, { ...bus, description, modified: ctx.cloud.clock.now() })
    return { Arn: ref.arn, Name: bus.name, Description: description }
  },
})

/** AWS: deleting a bus that is not there is no error. */
export const DeleteEventBus = operation({
  service: 'events',
  name: 'DeleteEventBus',
  access: (input, ctx) => [busKind.on(ctx, 'DeleteEventBus', busRef(ctx, input.Name))],
  run: (input, ctx) => {
    const ref = busRef(ctx, input.Name)
    if (ref.name === DEFAULT_BUS) throw invalid(`Cannot delete event bus ${DEFAULT_BUS}.`)
    if (rulesOf(ctx, ref).length) throw invalid("Event bus can't be deleted since it has rules.")
    ctx.table(buses).delete(ref.name)
    return {}
  },
})

const described = (ctx: Context, bus: Bus) => ({
  Name: bus.name,
  Arn: busArn(ctx.region, ctx.account, bus.name),
  Description: bus.description,
  Policy: bus.policy && policyText(bus.policy, ctx.cloud.directory),
  CreationTime: bus.created === undefined ? undefined : new Date(bus.created),
  LastModifiedTime: bus.modified === undefined ? undefined : new Date(bus.modified),
})

export const DescribeEventBus = operation({
  service: 'events',
  name: 'DescribeEventBus',
  access: (input, ctx) => [busKind.on(ctx, 'DescribeEventBus', busRef(ctx, input.Name))],
  run: (input, ctx) => {
    const ref = busRef(ctx, input.Name)
    return described(ctx.as(ctx.identity, ref), busKind.find(ctx, ref))
  },
})

export const ListEventBuses = operation({
  service: 'events',
  name: 'ListEventBuses',
  access: () => [{ action: 'events:ListEventBuses', resource: '*' }],
  run: (input, ctx) => {
    const { NamePrefix: prefix = '', NextToken: token, Limit: limit = 100 } = input
    const custom = ctx
      .table(buses)
      .values()
      .filter((one) => one.name !== DEFAULT_BUS)
      .sort((a, b) => (a.name < b.name ? -1 : 1))
    const all = [busKind.find(ctx, busRef(ctx)), ...custom].filter((one) => one.name.startsWith(prefix))
    const page = paginate(all, { token, limit, query: prefix, error: invalidToken })
    return { EventBuses: page.items.map((one) => described(ctx, one)), NextToken: page.nextToken }
  },
})

export const invalidToken = (): AwsError => invalid('Parameter NextToken is not valid.')
