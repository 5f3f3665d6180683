/** How a CloudFormation resource type is declared: what it calls to create, change and delete the resource. */
import { type Arn, AwsError } from '../../model/index.ts'
import type { Input, OperationName, Output, ServiceId } from './api.ts'
import type { Clock, Ids } from './clock.ts'
import type { EventKind } from './event-bus.ts'

/** Properties after all intrinsic functions are resolved; checked against the resource specification. */
// biome-ignore lint/suspicious/noExplicitAny: a property's type is known to its resource type only
export type Properties = Record<string, any>

export interface ResourceContext {
  readonly account: string
  readonly region: string
  readonly stackName: string
  readonly stackId: Arn
  readonly logicalId: string
  readonly clock: Clock
  /** How the template has an update done: the attribute UpdatePolicy. */
  readonly updatePolicy?: Properties
  /** Gives the same ids again when the handler is run again after a kill. */
  readonly ids: Ids
  /** Tags of the stack and the `aws:cloudformation:*` tags, as CloudFormation adds them to resources it creates. */
  readonly stackTags: Readonly<Record<string, string>>
  /** What `stackTags` were when the resource was last made or changed; none while it is being made. */
  readonly previousStackTags: Readonly<Record<string, string>>
  /**
   * Calls a service with the stack's role, or as the stack's caller where it has none. A handler that a kill interrupted
   * is run again from its beginning: calls that were answered give the same answer and are not made again.
   */
  call<S extends ServiceId, O extends OperationName<S>>(
    service: S,
    operation: O,
    input: Input<S, O>,
  ): Promise<Output<S, O>>
  /**
   * Does something that is no call, once: a handler that is run again after a kill gets what it gave. Its last change
   * and its end must not be parted by waiting for anything outside.
   */
  step<T>(name: string, work: () => T | Promise<T>): Promise<T>
  /**
   * Looks once, and again whenever something is told of what is waited for, until `done` gives something. `look` calls
   * as the stack does, anew each time: after a kill what was seen before it counts for nothing.
   */
  watch<E, T, R>(
    kind: EventKind<E>,
    concerns: (told: E) => boolean,
    look: (call: ResourceContext['call']) => Promise<T>,
    done: (seen: T) => R | undefined,
  ): Promise<R>
  /** Tells what has been made, so that the stack deletes it should the rest of the creation fail. */
  made(physicalId: string): void
  /** A physical name as CloudFormation makes it for the resource's type, by the rule in the type's facts. */
  generateName(): string
}

export interface ResourceOutcome {
  /** What `Ref` gives. */
  readonly physicalId: string
  /** What `Fn::GetAtt` gives, by attribute name; a nested one by its dotted name (`Endpoint.Address`). */
  readonly attributes?: Readonly<Record<string, unknown>>
}

/** What looking at a resource takes. */
export type ReadContext = Pick<ResourceContext, 'account' | 'region' | 'call'>

/** Handlers may be run again from their beginning (see `call`), so they decide by nothing but what they are given. */
export interface ResourceType {
  /** `AWS::KMS::Alias` */
  readonly type: string
  create(properties: Properties, rc: ResourceContext): Promise<ResourceOutcome>
  /**
   * Changes the resource in place. Called only when no changed property forces replacement.
   * Where it is absent every change replaces the resource.
   */
  update?(
    physicalId: string,
    properties: Properties,
    previous: Properties,
    rc: ResourceContext,
  ): Promise<ResourceOutcome>
  /** Gives a resource that stands already and that a stack is to take over; undefined where there is none. Types without it cannot be imported. */
  read?(physicalId: string, rc: ReadContext): Promise<ResourceOutcome | undefined>
  /**
   * Gives the properties as they are, of those that can be read back, in the order in which `declared` has lists; undefined
   * where the resource is gone. Types without it are not checked for drift, but for whether they are there (`read`).
   */
  current?(physicalId: string, declared: Properties, rc: ReadContext): Promise<Properties | undefined>
  /** Deletes it; one that is gone already is no error. */
  delete(physicalId: string, properties: Properties, rc: ResourceContext): Promise<void>
}

/** The error of a handler that finds a resource in no good state, though every call was answered. */
export const handlerFailure = (message: string, handlerErrorCode: string): AwsError =>
  new AwsError(handlerErrorCode, message, { fields: { handlerErrorCode } })

export const resourceType = (definition: ResourceType): ResourceType => definition
