/** What a proof says: for every permission that pipelines need, whether the policies grant it. */
import type { StatementReason } from '../../iam/index.ts'
import type { Arn, Need, PolicyRef, PolicyStatement, StatementRef, Target } from '../../model/index.ts'
import type { Origin } from '../landscape/placed-template.ts'

/** Where a need arises. */
export interface Use {
  /** `deployment of the stacks` for what CloudFormation calls to create, change and delete them; `stage` is the stack. */
  readonly pipeline: string
  /** Absent for what the pipeline itself needs. */
  readonly stage?: string
  readonly action?: string
  /** Set where the declaration does not tell it: what the resources of a stack need, and what deploys the pipeline. */
  readonly further?: true
}

/** A change that would make a failed edge hold, and where it belongs. */
export interface Remedy {
  /** The policy to change; absent where something else must be. */
  readonly at?: PolicyRef
  /** The same in words: `key policy of arn:aws:kms:…`. */
  readonly belongsIn: string
  readonly origin?: Origin
  /** Ready to paste; absent where something must be changed instead of added. */
  readonly statement?: PolicyStatement
  readonly advice: string
}

/** What a service refuses whatever policies say. */
export interface ServiceLimit {
  readonly limit:
    | 'aws managed key'
    | 'object of another account'
    | 'foreign pass role'
    | 'key by name'
    | 'key in region'
    | 'no principal'
    | 'rule without role'
}

/** Why an edge does not hold. */
export interface Failure {
  /** Who says no: a policy or its statement, or a rule of a service that no policy changes. */
  readonly by?: PolicyRef | StatementRef | ServiceLimit
  /** The same in words: the policy, or the service's rule, that says no. */
  readonly saidNo: string
  /** What AWS would answer. */
  readonly message: string
  /** Statements that come close, and what keeps each from matching. */
  readonly close: readonly string[]
  readonly remedies: readonly Remedy[]
}

/** One permission with the proof's verdict on it. */
export interface Edge {
  readonly need: Need
  readonly uses: readonly Use[]
  /** `unknown`: everything that is known allows it, but a policy that has a say is not among the templates. */
  readonly verdict: 'allowed' | 'denied' | 'unknown'
  /** The statements that decided. */
  readonly decidedBy: readonly StatementReason[]
  readonly failure?: Failure
  /** The statements that would allow it, if the organization's policies did not deny it. */
  readonly granted?: readonly StatementReason[]
  /** What was taken for granted because it could not be read. */
  readonly assumed?: string
}

/** A stack whose template is known, so that the proof tells everything that its role does for it. */
export interface ProvenStack extends Target {
  readonly name: string
  readonly role: Arn
  /** Types in its template whose permissions are not known. */
  readonly unknownTypes: readonly { readonly type: string; readonly origin: Origin }[]
  /** Parameters whose values are not known before the stack is deployed. */
  readonly openParameters: readonly { readonly name: string; readonly origin: Origin }[]
  /** Parameters that the action overrides and the template does not have. */
  readonly strayOverrides: readonly string[]
  readonly origin: Origin
}

export interface Proof {
  readonly edges: readonly Edge[]
  /** What does not hold and AWS goes on without: it is missed by nobody, and what grants it is no over-grant. */
  readonly spared?: readonly Edge[]
  /** Every place where a need arises, each once: pipelines with their actions as they run, then what is besides. */
  readonly uses: readonly Use[]
  readonly pipelines: readonly string[]
  readonly accounts: readonly string[]
  readonly regions: readonly string[]
  /** Stacks that pipelines deploy and whose templates were given. */
  readonly stacks: readonly ProvenStack[]
  /** What could not be read, in sentences. */
  readonly notes: readonly string[]
}

export const isFailed = (edge: Edge): boolean => edge.verdict === 'denied'
