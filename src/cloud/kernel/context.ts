/** What an operation can do besides reading its input: state, time, other services, work in the background. */
import type { Arn } from '../../model/index.ts'
import type { AccessRequest } from './access-request.ts'
import type { Input, OperationName, Output, ServiceId } from './api.ts'
import type { Cloud } from './cloud.ts'
import type { Identity } from './identity.ts'
import type { Collection, Table } from './store.ts'

export interface CallOptions {
  /** Calls directly with this identity. Absent: forwards the request's own caller, marked as coming through this service. */
  readonly as?: Identity
  /** The region called; the request's own when absent. */
  readonly region?: string
  /** What of a service makes the call under a role's identity: `codepipeline/<pipeline>`. */
  readonly invokedBy?: string
}

export interface AssumedRole {
  readonly identity: Identity
  readonly credentials: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly sessionToken: string
    readonly expiration: Date
  }
}

/** Its functions work on the context alone, not taken off it: `this` has the compiler say so. */
export interface Context {
  readonly cloud: Cloud
  /** The service this operation belongs to. */
  readonly service: ServiceId
  readonly operation: string
  readonly requestId: string
  /** The caller's account; the one in whose state a name without an account is looked up. */
  readonly account: string
  readonly region: string
  readonly identity: Identity
  /** The `invokedBy` of the call; absent for calls from outside. */
  readonly invokedBy?: string
  /** In the course of what it is called: the id of a pipeline's action execution, also behind sessions made for it. */
  readonly cause?: string
  /** Further condition keys of this request: aws:SourceIp, aws:ViaAWSService, kms:ViaService … */
  readonly conditions: Readonly<Record<string, string | readonly string[]>>
  /** The condition keys of tags that this request brings; they hold for actions of the called service alone. */
  readonly requestTags?: Readonly<Record<string, string | readonly string[]>>

  /** The table in the call's account and region, or in the ones given. */
  table<T>(this: Context, kind: Collection<T>, account?: string, region?: string): Table<T>
  /** Calls an operation of any service: validated, authorized and recorded in the trail like a call from outside. */
  call<S extends ServiceId, O extends OperationName<S>>(
    this: Context,
    service: S,
    operation: O,
    input: Input<S, O>,
    options?: CallOptions,
  ): Promise<Output<S, O>>
  /** Checks further permissions in the course of an operation; throws the denial as the service's error. */
  authorize(this: Context, requests: readonly AccessRequest[]): Promise<void>
  /** Has STS assume a role as `by` (a service's or a role session's identity); throws STS's AccessDenied. */
  assumeRole(
    this: Context,
    roleArn: Arn,
    options: { by: Identity; sessionName: string; policy?: string; durationSeconds?: number },
  ): Promise<AssumedRole>
  /**
   * Goes on in the background after the answer. The task gets this context; its failure is a bug and is reported.
   * The cloud waits for tasks when it stops after aborting `cloud.signal`.
   */
  spawn(this: Context, name: string, task: (ctx: Context) => Promise<void>): void
  /** A context like this one under another identity, account or region (for work in the background). */
  as(this: Context, identity: Identity, options?: { account?: string; region?: string }): Context
  /** A context like this one, with what it is called in the course of. */
  causedBy(this: Context, cause: string): Context
  /** Publishes an event from this account and region on the default bus. */
  publish(
    this: Context,
    event: {
      source: string
      detailType: string
      resources: readonly Arn[]
      detail: Record<string, unknown>
    },
  ): void
}

/** Makes contexts for work that no request began. */
export type ContextFactory = (options: {
  identity: Context['identity']
  account: string
  region: string
}) => Context
