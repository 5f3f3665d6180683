/** What the cloud has acknowledged, as it was answered, and how each is looked up again. */

/** Gives what is wrong, in words; undefined when what was acknowledged is there. */
export type Check = () => Promise<string | undefined>

export class Ledger {
  private readonly facts = new Map<string, Check>()

  /** Adds an acknowledged write. One of the same name is what this one takes the place of. */
  acknowledge(name: string, check: Check): void {
    this.facts.set(name, check)
  }

  /** What an acknowledged deletion has taken away. */
  forget(name: string): void {
    this.facts.delete(name)
  }

  get size(): number {
    return this.facts.size
  }

  /** Gives what was acknowledged and is lost, in words. */
  async lost(): Promise<string[]> {
    const found: string[] = []
    for (const [name, check] of this.facts) {
      const wrong = await check().catch((error: Error) => `${error.name}: ${error.message}`)
      if (wrong) found.push(`${name}: ${wrong}`)
    }
    return found
  }
}

/** Looks until the check finds nothing wrong, for what may take its time, and gives what still is after so long. */
export async function inTime(check: Check, milliseconds: number): Promise<string | undefined> {
  const deadline = Date.now() + milliseconds
  for (;;) {
    const wrong = await check()
    if (!wrong || Date.now() > deadline) return wrong
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
}
