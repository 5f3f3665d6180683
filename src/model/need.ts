/** Needs: what somebody must be allowed for a pipeline to run, and why. */
import type { Arn } from './arn.ts'

/** A permission that some principal must hold: synth grants it, access proves it, the cloud's trail shows it used. */
export interface Need {
  /** The role's ARN, or a service principal (`codepipeline.amazonaws.com`) when a service assumes a role itself. */
  readonly principal: Arn
  /** `service:Action`. */
  readonly action: string
  /** The exact resource, or a pattern with `*` where a part is only known at run time (an artifact's key). */
  readonly resource: Arn
  /** Context keys that the call carries and that policies may test, `kms:ViaService` for example. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>
  /**
   * For the role that CloudFormation acts as: what a resource of the stack undergoes when the call is made. A run that
   * only creates resources does not show the calls of the other phases.
   */
  readonly phase?: 'create' | 'read' | 'update' | 'delete' | 'tag'
  /** Read aloud in a failed proof: "to read the build artifact". */
  readonly because: string
}
