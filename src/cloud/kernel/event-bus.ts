/** Events that services tell each other: what AWS sends to EventBridge's default bus, and pushes to connected repositories. */
import type { Arn } from '../../model/index.ts'

export interface CloudEvent {
  readonly id: string
  readonly time: Date
  readonly account: string
  readonly region: string
  /** `aws.s3`, `aws.codepipeline`, …; `crossdock.…` for what AWS keeps internal. */
  readonly source: string
  readonly detailType: string
  readonly resources: readonly Arn[]
  readonly detail: Readonly<Record<string, unknown>>
}

export class EventBus {
  private readonly listeners = new Set<(event: CloudEvent) => void>()

  publish(event: CloudEvent): void {
    for (const listener of this.listeners) listener(event)
  }

  /** Calls back for every event from now on; gives the function that ends it. A listener must not throw. */
  listen(listener: (event: CloudEvent) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }
}
