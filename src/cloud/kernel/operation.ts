/** How an API operation of a service is declared. */
import type {
  CompiledPolicy,
  ConditionContext,
  Decision,
  KeyGrant,
  PublicAccessBlock,
} from '../../iam/index.ts'
import type { Arn, AwsError } from '../../model/index.ts'
import type { Input, OperationName, Output, ServiceId } from './api.ts'
import type { Context } from './context.ts'

/** One action on one resource that the caller must be allowed before the operation runs. */
export interface AccessRequest {
  /** `kms:Decrypt` */
  readonly action: string
  readonly resource: Arn
  /** The account that owns the resource; the call's own when absent. */
  readonly resourceAccount?: string
  /** The policy on the resource, where it has one. Compile it with `compiledPolicy` (cached). */
  readonly resourcePolicy?: CompiledPolicy
  readonly grants?: readonly KeyGrant[]
  readonly publicAccessBlock?: PublicAccessBlock
  /** AWS: resource control policies do not apply to what AWS itself manages in an account, such as its KMS keys. */
  readonly awsManaged?: boolean
  readonly context?: ConditionContext
  /** How the denial's message speaks of the resource where it is not by its ARN: `resource: role deployer`. */
  readonly resourceInWords?: string
  /** The error to answer on a denial, where it is not the service's usual AccessDenied with AWS's message. */
  readonly onDenied?: (decision: Decision) => AwsError
}

export interface Operation {
  readonly service: ServiceId
  readonly name: string
  readonly access: (
    input: never,
    ctx: Context,
  ) => readonly AccessRequest[] | Promise<readonly AccessRequest[]>
  readonly run: (input: never, ctx: Context) => unknown
}

/**
 * Declares an operation. `access` is required: an operation that needs no permission says so by giving none.
 * `run` gets an input that the model has already validated, after every access request was allowed.
 */
export const operation = <S extends ServiceId, O extends OperationName<S>>(definition: {
  readonly service: S
  readonly name: O
  readonly access: (
    input: Input<S, O>,
    ctx: Context,
  ) => readonly AccessRequest[] | Promise<readonly AccessRequest[]>
  readonly run: (input: Input<S, O>, ctx: Context) => Output<S, O> | Promise<Output<S, O>>
}): Operation => definition as unknown as Operation
