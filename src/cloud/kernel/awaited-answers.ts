/** Who waits for an answer that the events of functions ask for, so that a function that gives none is not waited for. */
import { part } from './cloud.ts'

export interface Waiting {
  /** Hears why no answer can come any more. */
  lost(why: string): void
  /** Hears that who was asked has done its work, be it answered or not: somebody else may have been told to answer. */
  done(who: string): void
  /** Where the event names an address of the cloud's own: AWS's, at which a function answers wherever it takes it apart. */
  readonly address?: { readonly own: string; readonly forFunctions: string }
}

export class AwaitedAnswers {
  private readonly waiting = new Map<string, Waiting>()

  /** From now on an event with this text in it is waited for. */
  expect(text: string, waiting: Waiting): void {
    this.waiting.set(text, waiting)
  }

  forget(text: string): void {
    this.waiting.delete(text)
  }

  /** Gives who waits for the answer to an event. */
  of(event: string): Waiting | undefined {
    for (const [text, waiting] of this.waiting) if (event.includes(text)) return waiting
    return undefined
  }

  /** Gives an event as a function is to have it. */
  forFunction(event: string): string {
    const address = this.of(event)?.address
    return address ? event.replaceAll(address.own, () => address.forFunctions) : event
  }
}

export const awaitedAnswers = part({ name: 'answers that are waited for', make: () => new AwaitedAnswers() })
