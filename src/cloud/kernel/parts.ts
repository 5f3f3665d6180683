/** The parts of one cloud: each made when it is first asked for, ended when the cloud stops. */
import type { Cloud, Part } from './cloud.ts'

export class Parts {
  private readonly made = new Map<Part<never>, unknown>()

  of<T>(part: Part<T>, cloud: Cloud): T {
    const key = part as unknown as Part<never>
    if (!this.made.has(key)) this.made.set(key, part.make(cloud))
    return this.made.get(key) as T
  }

  async end(): Promise<void> {
    for (const [part, made] of this.made) await part.end?.(made as never)
  }
}
