/** What is known of a service of the cloud without loading it. */
import type { ServiceId } from './api.ts'
import type { Collection } from './store.ts'
import type { Wire } from './wire.ts'

/** Addresses of a service that are plain HTTP. */
export interface PlainPath {
  /** With a slash at either end. */
  readonly prefix: string
  /** Reading one may change something, as git's first question about a new repository does. */
  readonly changesOnRead?: true
  /** It tells pages of other origins itself whether they may read its answers; the origins that are let in stay the same. */
  readonly tellsOrigins?: true
  /** The answer to a request that is not let in at the door; plain text when absent. */
  refusal?(text: string): { readonly contentType: string; readonly body: string }
}

export interface ServiceFacts {
  readonly id: ServiceId
  /** Its name as the AWS SDK for Java prints it, which CloudFormation's handlers use: in failures of resources. */
  readonly title: string
  /** What signatures call it, where policies call it otherwise. */
  readonly signedAs?: string
  /** The namespaces of its CloudFormation types: `KMS` of `AWS::KMS::Key`. */
  readonly stacks: readonly string[]
  /** AWS: one endpoint for all regions; aws:RequestedRegion is always us-east-1 there. */
  readonly global?: boolean
  /** The label that names it in AWS's host names (`s3` of `b.s3.eu-west-1.amazonaws.com`); its id when absent. */
  readonly endpoint?: RegExp
  /**
   * It is meant by requests that name no service, neither by their host nor by a signature: those with a target header
   * (the JSON protocol), those with an action (the query protocol), or all others. Each is one service's.
   */
  readonly nameless?: 'target' | 'action' | 'path'
  /** What it does on the wire otherwise than its protocol. */
  readonly wire?: Wire
  /** The condition key under which its policies find the service that calls with its caller's identity. */
  readonly viaKey?: string
  /** AWS: how the AWS managed key that protects its data, `alias/aws/<id>`, is described. Absent: there is none. */
  readonly managedKey?: string
  /** Requests without a signature are let in, as anonymous: all, or those of some operations. */
  readonly unsigned?: true | readonly string[]
  readonly errors?: {
    /** Of a denial; `AccessDeniedException` for JSON protocols and `AccessDenied` for XML ones when absent. */
    readonly denied?: string
    /** Of an input that its model refuses; `ValidationException`, of query services `ValidationError`, when absent. */
    readonly invalid?: string
  }
  /**
   * Where a protocol that is not AWS's own expects its `http`, such as `/v2/` for image registries; `/_<id>/`, where links
   * lead, is everybody's.
   */
  readonly paths?: readonly PlainPath[]
  /** Names of AWS's, in lower case, where its `http` answers whatever the path is. */
  readonly plainHost?: RegExp
  /**
   * Records that it goes on with, or listens to events for. Where the folder holds some it is loaded when the cloud
   * starts; otherwise the call that makes the first one loads it.
   */
  readonly resumes?: readonly Collection<unknown>[]
  /** Its folder beside the state. Where it is there at the start the service is loaded, to remove what a kill left. */
  readonly sweeps?: string
}
