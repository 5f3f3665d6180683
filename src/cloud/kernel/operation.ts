/** How an API operation of a service is declared. */
import type { AccessRequest } from './access-request.ts'
import type { Input, OperationName, Output, ServiceId } from './api.ts'
import type { Context } from './context.ts'

export interface Operation {
  readonly service: ServiceId
  readonly name: string
  readonly access: (
    input: never,
    ctx: Context,
  ) => readonly AccessRequest[] | Promise<readonly AccessRequest[]>
  readonly run: (input: never, ctx: Context) => unknown
}

/**
 * Declares an operation. `access` is required: an operation that needs no permission says so by giving none.
 * `run` gets an input that the model has already validated, after every access request was allowed.
 */
export const operation = <S extends ServiceId, O extends OperationName<S>>(definition: {
  readonly service: S
  readonly name: O
  readonly access: (
    input: Input<S, O>,
    ctx: Context,
  ) => readonly AccessRequest[] | Promise<readonly AccessRequest[]>
  readonly run: (input: Input<S, O>, ctx: Context) => Output<S, O> | Promise<Output<S, O>>
}): Operation => definition as unknown as Operation
