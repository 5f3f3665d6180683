/** What is known of a service of the cloud without loading it. */
import type { ServiceId } from './api.ts'
import type { Collection } from './store.ts'

export interface ServiceFacts {
  readonly id: ServiceId
  /** Its name as the AWS SDK for Java prints it, which CloudFormation's handlers use: in failures of resources. */
  readonly title: string
  /** The namespaces of its CloudFormation types: `KMS` of `AWS::KMS::Key`. */
  readonly stacks: readonly string[]
  /** AWS: one endpoint for all regions; aws:RequestedRegion is always us-east-1 there. */
  readonly global?: boolean
  /** Requests without a signature are let in, as anonymous. */
  readonly unsigned?: boolean
  readonly errors?: {
    /** Of a denial; `AccessDeniedException` for JSON protocols and `AccessDenied` for XML ones when absent. */
    readonly denied?: string
    /** Of an input that its model refuses; `ValidationException`, of query services `ValidationError`, when absent. */
    readonly invalid?: string
  }
  /** Where a protocol that is not AWS's own expects its `http`: `/v2/` for image registries. */
  readonly paths?: readonly string[]
  /**
   * Records that it goes on with, or listens to events for. Where the folder holds some it is loaded when the cloud
   * starts; otherwise the call that makes the first one loads it.
   */
  readonly resumes?: readonly Collection<unknown>[]
  /** Its folder beside the state. Where it is there at the start the service is loaded, to remove what a kill left. */
  readonly sweeps?: string
}
