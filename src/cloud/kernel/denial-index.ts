/** Denials by what they were called in the course of, for who asks why a pipeline's action failed. */
import type { TrailEntry } from './trail-entry.ts'

/**
 * Holds denials that have a cause, each call of a cause once: the same call denied again takes the place of the first.
 * It stands beside the trail so that a failed action stays explained however many calls follow.
 */
export class DenialIndex {
  private readonly limit: number
  private readonly causes = new Map<string, Map<string, string>>()
  private characters = 0

  /** The limit is in characters of text; past it the oldest cause goes first. */
  constructor(limit: number) {
    this.limit = limit
  }

  add({ cause, principal, action, resource, context, decision, denial }: TrailEntry): void {
    if (cause === undefined || !denial) return
    const key = `${principal} ${action} ${resource}`
    const told = { cause, principal, action, resource, context, message: decision.message, ...denial }
    const line = `${JSON.stringify(told)}\n`
    const calls = this.causes.get(cause) ?? new Map<string, string>()
    this.characters += line.length - (calls.get(key)?.length ?? 0)
    this.causes.set(cause, calls.set(key, line))
    while (this.characters > this.limit) this.dropOldest()
  }

  private dropOldest(): void {
    for (const [cause, calls] of this.causes) {
      for (const [key, line] of calls) {
        calls.delete(key)
        this.characters -= line.length
        if (!calls.size) this.causes.delete(cause)
        return
      }
    }
  }

  /** Gives JSON lines, oldest cause first: of these causes, or of all. */
  lines(causes: readonly string[] = [...this.causes.keys()]): string[] {
    return causes.flatMap((cause) => [...(this.causes.get(cause)?.values() ?? [])])
  }

  clear(): void {
    this.causes.clear()
    this.characters = 0
  }
}
