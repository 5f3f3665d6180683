/** One operation on one stack: its records, its events, and the identity it calls services with. */
import { type Arn, AwsError, entryOf } from '../../../../model/index.ts'
import type { Lookups, StackIdentity, Value } from '../../../../template/index.ts'

import type { Input, OperationName, Output, ServiceId } from '../../../kernel/api.ts'
import type { CallOptions, Context } from '../../../kernel/context.ts'
import { type Identity, serviceIdentity, servicePrincipal } from '../../../kernel/identity.ts'
import type { Journal } from '../../../kernel/journal.ts'
import type { Table } from '../../../kernel/store.ts'
import {
  eventsOf,
  type Physical,
  type ResourceStatus,
  resourcesOf,
  type Stack,
  type StackEvent,
  type StackResource,
  type StackStatus,
  stacks,
} from '../state.ts'
import { exportValue } from './exports.ts'
import { failureReason } from './failure.ts'
import { masked } from './mask.ts'
import { announce } from './notify.ts'
import { validationError } from './validation-error.ts'

/** Milliseconds before its end at which a role's session is taken anew. */
const RENEWAL = 5 * 60_000

export class StackRun {
  readonly ctx: Context
  readonly stackId: Arn
  readonly resources: Table<StackResource>
  private readonly stacks: Table<Stack>
  private readonly events: Table<StackEvent>
  private session: { identity: Identity; expiresAt: number } | undefined
  /** A resource's properties as its events show them, which say the same from its beginning to its end. */
  private readonly shown = new WeakMap<object, string>()
  private readonly origins = new WeakMap<AwsError, ServiceId>()

  /** `ctx` must stand in the stack's account and region, under the identity that asked for the operation. */
  constructor(ctx: Context, stackId: Arn) {
    this.ctx = ctx
    this.stackId = stackId
    this.stacks = ctx.table(stacks)
    this.resources = ctx.table(resourcesOf(stackId))
    this.events = ctx.table(eventsOf(stackId))
  }

  get stack(): Stack {
    return this.stacks.get(this.stackId)!
  }

  put(change: Partial<Stack>): void {
    this.stacks.put(this.stackId, { ...this.stack, ...change })
  }

  get identity(): StackIdentity {
    const { id, name, notificationArns } = this.stack
    return {
      account: this.ctx.account,
      region: this.ctx.region,
      stackId: id,
      stackName: name,
      notificationArns,
    }
  }

  /** The token that every event of the operation carries. */
  get token(): string {
    return this.stack.operation?.id ?? ''
  }

  /** Sets the stack's status and puts its event. */
  setStatus(status: StackStatus, reason?: string, change: Partial<Stack> = {}): void {
    this.put({ ...change, status, statusReason: reason })
    this.event({
      logicalId: this.stack.name,
      physicalId: this.stackId,
      type: 'AWS::CloudFormation::Stack',
      status,
      reason,
    })
  }

  /** Puts a resource's record with its new status, and the event that says so. */
  setResource(
    record: Omit<StackResource, 'updatedAt'>,
    event: { physicalId?: string; properties?: object } = {},
  ): void {
    const failedIn = /^(CREATE|IMPORT|UPDATE)_FAILED$/.test(record.status) ? this.token : undefined
    this.resources.put(record.logicalId, { ...record, failedIn, updatedAt: this.ctx.cloud.clock.now() })
    const physicalId = event.physicalId ?? record.physical?.id ?? ''
    this.resourceEvent(
      record.logicalId,
      record.type,
      physicalId,
      record.status,
      record.reason,
      event.properties,
    )
  }

  resourceEvent(
    logicalId: string,
    type: string,
    physicalId: string,
    status: ResourceStatus,
    reason?: string,
    properties?: object,
  ): void {
    this.event({ logicalId, physicalId, type, status, reason, properties: this.shownProperties(properties) })
  }

  private shownProperties(properties: object | undefined): string | undefined {
    if (properties === undefined) return undefined
    const known = this.shown.get(properties)
    const text = known ?? JSON.stringify(masked(properties, this.stack.parameters))
    this.shown.set(properties, text)
    return text
  }

  private event(event: Omit<StackEvent, 'id' | 'time' | 'clientRequestToken' | 'operationId'>): void {
    const { clock, ids } = this.ctx.cloud
    const time = clock.now()
    const { operation } = this.stack
    const ofStack = event.physicalId === this.stackId && event.logicalId === this.stack.name
    const id = ofStack ? ids.uuid() : `${event.logicalId}-${event.status}-${new Date(time).toISOString()}`
    const full = {
      ...event,
      id,
      time,
      clientRequestToken: operation?.clientRequestToken,
      operationId: operation?.id,
    }
    this.events.put(String(this.events.size).padStart(6, '0'), full)
    announce(this, full, ofStack)
  }

  /** What `Ref`, `Fn::GetAtt` and `Fn::ImportValue` find while the stack is being worked on. */
  readonly lookups: Lookups = {
    reference: (logicalId) => this.physical(logicalId).id,
    attribute: (logicalId, name) => attributeOf(this.physical(logicalId), logicalId, name) as Value,
    imported: (name) => exportValue(this.ctx, String(name)),
  }

  private physical(logicalId: string): Physical {
    const found = this.resources.get(logicalId)?.physical
    if (found) return found
    throw validationError(`Template error: the resource ${logicalId} does not exist`)
  }

  /**
   * Calls a service with the stack's role, or forwards the identity that asked for the operation. With a journal, what
   * was answered before a kill is not asked again.
   */
  async call<S extends ServiceId, O extends OperationName<S>>(
    service: S,
    operation: O,
    input: Input<S, O>,
    journal?: Journal,
  ): Promise<Output<S, O>> {
    const options = await this.callOptions()
    const ask = () => this.ctx.call(service, operation, input, options)
    try {
      return await (journal ? journal.call(`${service}:${operation as string}`, input, ask) : ask())
    } catch (error) {
      if (error instanceof AwsError) this.origins.set(error, service)
      throw error
    }
  }

  private async callOptions(): Promise<CallOptions | undefined> {
    const { roleArn } = this.stack
    if (!roleArn) return undefined
    const now = this.ctx.cloud.clock.now()
    if (!this.session || this.session.expiresAt - RENEWAL <= now)
      this.session = await assumeStackRole(this.ctx, this.stack)
    return { as: this.session.identity }
  }

  /** A context in which CloudFormation itself asks other services as the stack would. */
  async callingContext(): Promise<Context> {
    const identity = (await this.callOptions())?.as
    return identity ? this.ctx.as(identity, { account: this.ctx.account }) : this.ctx
  }

  /** Hands over a session that was taken when the operation was accepted. */
  useSession(session: { identity: Identity; expiresAt: number } | undefined): void {
    this.session = session
  }

  /** Gives the reason of a failure; an error that no service meant to answer is reported as a bug. */
  reasonOf(error: unknown, where: string): string {
    const { cloud } = this.ctx
    if (error instanceof AwsError) {
      const origin = this.origins.get(error)
      return failureReason(error, {
        service: origin && (cloud.services.get(origin)?.title ?? origin),
        requestId: cloud.ids.uuid(),
        token: this.token,
      })
    }
    cloud.bug(`cloudformation ${where}`, error)
    return `Internal Failure (${error instanceof Error ? error.message : String(error)})`
  }
}

/** AWS: the role must trust cloudformation.amazonaws.com. Errors: ValidationError where it cannot be assumed. */
export async function assumeStackRole(
  ctx: Context,
  stack: Pick<Stack, 'id' | 'roleArn'>,
): Promise<{ identity: Identity; expiresAt: number }> {
  const by = serviceIdentity(servicePrincipal('cloudformation'), { arn: stack.id, account: ctx.account })
  try {
    const { identity, credentials } = await ctx.assumeRole(stack.roleArn!, {
      by,
      sessionName: 'AWSCloudFormation',
    })
    return { identity, expiresAt: credentials.expiration.getTime() }
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    throw validationError(`Role ${stack.roleArn} is invalid or cannot be assumed`)
  }
}

function attributeOf(physical: Physical, logicalId: string, name: string): unknown {
  const { attributes } = physical
  if (Object.hasOwn(attributes, name)) return entryOf(attributes, name)
  const nested = name
    .split('.')
    .reduce<unknown>((inner, key) => entryOf(inner as Record<string, unknown> | undefined, key), attributes)
  if (nested !== undefined) return nested
  throw validationError(`Template error: the resource ${logicalId} has no attribute ${name}`)
}
