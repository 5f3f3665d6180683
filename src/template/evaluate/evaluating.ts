/** What an intrinsic function can reach while a template is evaluated. */
import type { TemplateFault } from '../read/template-fault.ts'
import type { Decision, Value } from '../values/value.ts'

/** Where values come from. */
export interface Scope {
  /** What tells the stack from all others, for the identity of what is unknown. */
  readonly place: string
  /** How the stack is spoken of; its place where absent. */
  readonly title?: string
  readonly region: string
  /** Parameters and pseudo parameters. */
  readonly values: ReadonlyMap<string, Value>
  readonly mappings: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>
  readonly conditions: Readonly<Record<string, unknown>>
  /** What `Ref` gives for a resource. */
  reference(logicalId: string): Value
  attribute(logicalId: string, name: string): Value
  imported(name: Value): Value
  /** What stands for a call that AWS refuses; absent where the whole evaluation fails with it. */
  refused?(fault: TemplateFault): Value
  /** What a dynamic reference stands for; absent where it stays as it is written, to be read at the last moment. */
  dynamic?(reference: string): Value
}

export interface Evaluating {
  readonly scope: Scope
  /** Gives a value with its functions carried out; undefined for AWS::NoValue. */
  value(written: unknown): Value | undefined
  decide(expression: unknown): Decision
  condition(name: string): Decision
  /** Gives what `run` gives where a condition is taken to hold, or not to. */
  assuming<T>(condition: string, holds: boolean, run: () => T): T
}
