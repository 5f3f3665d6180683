/** How an action provider is run by the embedded cloud. */
import {
  type ActionDeclaration,
  type Arn,
  AwsError,
  type PipelineDeclaration,
} from '../../../../model/index.ts'
import type { ConditionType } from '../../../../pipeline/index.ts'
import type { Input, OperationName, Output, ServiceId } from '../../../kernel/api.ts'
import type { AssumedRole, Context } from '../../../kernel/context.ts'
import type { EventBus, EventKind } from '../../../kernel/event-bus.ts'
import type { Identity } from '../../../kernel/identity.ts'
import type { Push } from '../../../kernel/service-events.ts'
import type { Wait } from '../engine/waits.ts'
import type { ArtifactAt, External, Revision, SourceOverride, Trigger } from '../state.ts'

/** One action that is to be run, or to go on after the cloud was restarted. */
export interface ActionJob {
  /** Of the pipeline's account and region, acting as CodePipeline itself. */
  readonly ctx: Context
  readonly pipeline: PipelineDeclaration
  readonly pipelineArn: Arn
  readonly executionId: string
  readonly actionRunId: string
  readonly stage: string
  /** The action; of a rule, the action that it is like. */
  readonly action: ActionDeclaration
  /** Of a rule: the condition that it belongs to. */
  readonly condition?: ConditionType
  /** Configuration with variables resolved. */
  readonly configuration: Readonly<Record<string, string>>
  readonly region: string
  /** The account of the role in effect. */
  readonly account: string
  /** Input artifacts in the action's region. */
  readonly inputs: readonly ArtifactAt[]
  /** Where each output artifact has to be put. */
  readonly outputs: readonly ArtifactAt[]
  /** The revision behind an input artifact that came from a source. */
  readonly revisions: Readonly<Record<string, Revision>>
  readonly override?: SourceOverride
  /** When the action started, milliseconds since 1970. */
  readonly started: number
  /** What `save` was given before a kill. */
  readonly progress?: Readonly<Record<string, unknown>>
  /**
   * Calls a service as the role in effect, in the action's region. An action that a kill interrupted is run again from
   * its beginning: calls that were answered give the same answer and are not made again.
   * Errors: the service's, and STS's AccessDenied.
   */
  call<S extends ServiceId, O extends OperationName<S>>(
    service: S,
    operation: O,
    input: Input<S, O>,
  ): Promise<Output<S, O>>
  /** Makes something of time or chance, which is the same when the action is run again after a kill. */
  once<T>(name: string, make: () => T): T
  /** A session of the role in effect that is good for some minutes. Errors: STS's AccessDenied. */
  as(): Promise<Identity>
  /** A session of the role in effect that a policy limits. */
  limited(policy: string): Promise<AssumedRole>
  /** Tells people what the action has begun. */
  show(external: External): void
  /** Keeps what the answer from outside is known by, and what people may see meanwhile. */
  save(progress: Record<string, unknown>, external?: External): void
  /** Gives a text of the declaration outside its configuration with variables resolved. */
  resolve(text: string): string
  /** Runs it once more, with no answers kept, when a time or an event has come; the last call counts. */
  again(wait: Wait): void
  /** Fails the action at a time (milliseconds since 1970) unless it has ended by then; a later call moves the time. */
  expire(at: number, message: string): void
  /** The content of an input artifact, read as the role in effect. Errors: S3's. */
  read(artifact: ArtifactAt): Promise<Buffer>
  /**
   * Writes an output artifact as the role in effect, under the store's key; with `hands` it is given to the bucket's
   * owner in the writer's own account too. Errors: S3's.
   */
  write(artifact: ArtifactAt, content: Uint8Array, how?: { readonly hands?: boolean }): Promise<void>
}

export interface Outcome {
  readonly variables?: Readonly<Record<string, string>>
  readonly external?: External
  /** Of a source: what its output artifact holds. */
  readonly revision?: Revision
}

/** An action that failed for a reason a user can mend. AWS: codes JobFailed, ConfigurationError, PermissionError. */
export class ActionFailure extends Error {
  override readonly name = 'ActionFailure'
  readonly code: string
  readonly external?: External
  constructor(message: string, details: { code?: string; external?: External } = {}) {
    super(message)
    this.code = details.code ?? 'JobFailed'
    this.external = details.external
  }
}

/** Whether a call failed because nobody allows it. */
export const isDenial = (error: unknown): boolean =>
  error instanceof AwsError &&
  (error.status === 403 || /AccessDenied|NotAuthorized|Unauthorized|AuthorizationError/.test(error.code))

/** What `run` gives when somebody else will tell the outcome: a person, or a function. */
export const PENDING = Symbol('pending')

/** A source action of a pipeline as an event finds it. */
export interface WaitingSource {
  readonly pipeline: PipelineDeclaration
  readonly action: ActionDeclaration
  /** The pipeline's. */
  readonly region: string
}

/** An execution to be started. */
export interface Start {
  readonly trigger: Trigger
  readonly overrides?: readonly SourceOverride[]
}

/** What one event starts through a source action; undefined where it is not about what the action waits for. */
export type StartOf = (waiting: WaitingSource) => Start | undefined

/** Events that start pipelines by a source's action. */
export interface Starts {
  listen(bus: EventBus, each: (startOf: StartOf) => void): void
}

/** Names the kind of event, so that it types what is told of it. */
export const startsOn = <T>(
  kind: EventKind<T>,
  by: (told: T, waiting: WaitingSource) => Start | undefined,
): Starts => ({
  listen: (bus, each) => void bus.on(kind, (told) => each((waiting) => by(told, waiting))),
})

/** Several kinds of events start the same source. */
export const startsOnAny = (...all: readonly Starts[]): Starts => ({
  listen: (bus, each) => {
    for (const one of all) one.listen(bus, each)
  },
})

export interface Runner {
  /** Category and provider: `Build/CodeBuild`. */
  readonly id: string
  /** Of a source: what starts the pipeline by itself. */
  readonly starts?: Starts
  /** Of a source whose host tells webhooks of pushes: what it tells; undefined where the push is to another repository. */
  readonly hook?: (configuration: Readonly<Record<string, string>>, push: Push) => object | undefined
  /** Runs the action, from its beginning also after a kill (see `job.call`). Errors: ActionFailure, or the AwsError of a call. */
  run(job: ActionJob): Promise<Outcome | typeof PENDING>
}
