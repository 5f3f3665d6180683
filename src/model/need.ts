/** Needs: what somebody must be allowed for a pipeline to run, and why. */
import { type Arn, parseArn } from './arn.ts'

/** What a resource of a stack undergoes when a call is made. */
export type NeedPhase = 'create' | 'read' | 'update' | 'delete' | 'tag'

/**
 * Where a need arises. `purpose` says what for, in a few words that begin with "to": what nobody but the provider of an
 * action, or the handler of a resource, can tell.
 */
export type NeedOrigin =
  | {
      readonly kind: 'action'
      readonly pipeline: string
      readonly stage: string
      readonly action: string
      readonly region: string
      readonly purpose: string
    }
  | { readonly kind: 'pipeline'; readonly pipeline: string; readonly purpose: string }
  | { readonly kind: 'stack'; readonly stack: string; readonly purpose: string }
  | {
      readonly kind: 'resource'
      readonly stack: string
      /** Absent where AWS lets nobody name the resource. */
      readonly logicalId?: string
      /** `manage`: whatever the phase; `pass`: its role is handed on; `refer`: what it refers to is read. */
      readonly phase: NeedPhase | 'manage' | 'pass' | 'refer'
    }
  | { readonly kind: 'start' | 'run' | 'question' }
  /** Of a need that stands by itself. */
  | { readonly kind: 'purpose'; readonly purpose: string }

/** A permission that some principal must hold: synth grants it, access proves it, the cloud's trail shows it used. */
export interface Need {
  /**
   * The role's ARN, a service principal (`codepipeline.amazonaws.com`) when a service assumes a role itself, or the ARN of an
   * identity provider for whoever comes with a token of it.
   */
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
  readonly phase?: NeedPhase
  /**
   * AWS goes on without it, with less to tell or check: synth grants it, the proof does not miss it. Evidence stands
   * where it is set.
   */
  readonly optional?: true
  /** Read aloud in a failed proof, "to read the build artifact"; nothing is told from it. */
  readonly because: string
  /** What the words are made of; a provider states its purpose as `because`, and the pipeline adds where it arises. */
  readonly origin?: NeedOrigin
}

/** Gives the origin of a need; one that stands by itself has its purpose only. */
export const originOfNeed = ({ origin, because }: Need): NeedOrigin =>
  origin ?? { kind: 'purpose', purpose: because }

const ASSUMING: ReadonlySet<string> = new Set(['sts:AssumeRole', 'sts:AssumeRoleWithWebIdentity'])

/** Whether a call assumes the role that it is made on. AWS: the role's trust policy must allow it. */
export const isAssumption = ({ action }: Pick<Need, 'action'>): boolean => ASSUMING.has(action)

/** Whether a principal is an OpenID Connect provider. AWS: a trust policy names it under `Federated`. */
export const isTokenProvider = (principal: string): boolean =>
  Boolean(parseArn(principal)?.resource.startsWith('oidc-provider/'))
