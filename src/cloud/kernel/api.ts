/** The types that an operation's handler is written against, taken from the AWS SDK at compile time only. */
import type { Api as PublicApi } from '../generated/api.ts'
import type { PrivateApi } from './private-operations.ts'

type Api = PublicApi & PrivateApi

/** A service of the embedded cloud, by the name that botocore and the aws CLI use. */
export type ServiceId = keyof Api

/** An operation of a service that a handler can be written for. */
export type OperationName<S extends ServiceId> = keyof Api[S] & string

/** What a handler is given: the decoded input, its required members checked to be there. */
export type Input<S extends ServiceId, O extends OperationName<S>> = Api[S][O] extends { input: infer I }
  ? Checked<I>
  : never

/** What a handler gives back: the modelled output without the SDK's own metadata. */
export type Output<S extends ServiceId, O extends OperationName<S>> = Api[S][O] extends { output: infer Out }
  ? Omit<Out, '$metadata'>
  : never

/** The SDK types a required member `T | undefined`; after the check it is `T`, at every depth. */
type Checked<T> = T extends Untouched
  ? T
  : T extends readonly (infer Item)[]
    ? Checked<Item>[]
    : T extends object
      ? {
          [K in keyof T]: Record<string, never> extends Pick<T, K>
            ? Checked<T[K]>
            : Checked<Exclude<T[K], undefined>>
        }
      : T

type Untouched =
  | Date
  | Uint8Array
  | AsyncIterable<unknown>
  | ReadableStream
  | Blob
  | string
  | number
  | boolean
  | undefined
