/** What a deployment tells while it goes on. */
import type { AssemblyStack, Target } from '../model/index.ts'

export type StackOutcome = 'created' | 'updated' | 'unchanged'

export type DeployEvent =
  | { readonly type: 'wave-started'; readonly wave: number; readonly stacks: readonly AssemblyStack[] }
  | { readonly type: 'stack-started'; readonly stack: AssemblyStack }
  | {
      readonly type: 'resource'
      readonly stack: AssemblyStack
      readonly logicalId: string
      readonly resourceType: string
      readonly status: string
      readonly reason?: string
    }
  | {
      readonly type: 'stack-done'
      readonly stack: AssemblyStack
      readonly outcome: StackOutcome
      readonly milliseconds: number
    }
  | { readonly type: 'stack-failed'; readonly stack: AssemblyStack; readonly failure: StackFailure }
  | { readonly type: 'wave-done'; readonly wave: number; readonly milliseconds: number }

/** Why a stack could not be deployed: its first failing resource, and what AWS said. */
export interface StackFailure {
  readonly stack: string
  readonly target: Target
  readonly environment: string
  readonly status?: string
  readonly logicalId?: string
  readonly resourceType?: string
  readonly reason: string
}

export type Listener = (event: DeployEvent) => void
