/** Events that services tell each other: what AWS sends to EventBridge's default bus, and what it keeps to itself. */
import type { Arn } from '../../model/index.ts'

/** What AWS sends to EventBridge. */
export interface CloudEvent {
  readonly id: string
  readonly time: Date
  readonly account: string
  readonly region: string
  /** `aws.s3`, `aws.codepipeline`, … */
  readonly source: string
  readonly detailType: string
  readonly resources: readonly Arn[]
  readonly detail: Readonly<Record<string, unknown>>
}

/** A kind of event between services, declared once in `service-events.ts`: whoever tells and hears it agree on `T`. */
export interface EventKind<T> {
  /** `s3.object-created`; before the dot the service that tells it. */
  readonly name: string
  /** For the compiler alone. */
  readonly told?: (value: T) => void
}

export const event = <T>(name: string): EventKind<T> => ({ name })

type Listener = (value: never) => void

const published = event<CloudEvent>('published')

/** Listeners are called in the turn of the telling and must not throw. */
export class EventBus {
  private readonly listeners = new Map<EventKind<never>, Set<Listener>>()

  emit<T>(kind: EventKind<T>, value: T): void {
    for (const listener of this.listeners.get(kind as EventKind<never>) ?? []) listener(value as never)
  }

  /** Calls back for every event of the kind from now on; gives the function that ends it. */
  on<T>(kind: EventKind<T>, listener: (value: T) => void): () => void {
    const key = kind as EventKind<never>
    const listeners = this.listeners.get(key) ?? new Set<Listener>()
    this.listeners.set(key, listeners.add(listener))
    return () => listeners.delete(listener)
  }

  /** Tells EventBridge. */
  publish(value: CloudEvent): void {
    this.emit(published, value)
  }

  /** Calls back for whatever EventBridge is told from now on; gives the function that ends it. */
  listen(listener: (value: CloudEvent) => void): () => void {
    return this.on(published, listener)
  }
}
