/** A permission that an operation asks for. */
import type {
  CompiledPolicy,
  ConditionContext,
  Decision,
  KeyGrant,
  PublicAccessBlock,
} from '../../iam/index.ts'
import type { Arn, AwsError } from '../../model/index.ts'

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
