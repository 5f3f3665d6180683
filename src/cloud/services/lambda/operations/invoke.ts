/** lambda:Invoke. */

import { AwsError } from '../../../../model/index.ts'
import type { Input } from '../../../kernel/api.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { accessTo } from '../engine/access.ts'
import { enqueueEvent } from '../engine/async-invoke.ts'
import { chooseVersion } from '../engine/choose-version.ts'
import { execute } from '../engine/execute.ts'
import { reference } from '../engine/find.ts'
import { functionKind } from '../kinds.ts'

/** Bytes of a payload, by invocation type. */
const LIMITS = { RequestResponse: 6_291_456, Event: 1_048_576, DryRun: 6_291_456 }

/**
 * Runs a function: at once, or in the background with retries (`Event`), or only checks the permission (`DryRun`).
 *
 * AWS: an error of the function is an answer with status 200 and FunctionError, not an error of the API.
 */
export const Invoke = operation({
  service: 'lambda',
  name: 'Invoke',
  access: accessTo('InvokeFunction'),
  run: async (input, ctx) => {
    refuseUnsupported(input, ['DurableExecutionName', 'TenantId'])
    const type = input.InvocationType ?? 'RequestResponse'
    const ref = reference(ctx, input.FunctionName, input.Qualifier)
    const stored = functionKind.find(ctx, ref)
    const version = chooseVersion(ctx, ref)
    const payload = checkedPayload(input, LIMITS[type])
    if (type === 'DryRun') return { StatusCode: 204 }
    if (type === 'Event') {
      enqueueEvent(ctx, ref, payload)
      return { StatusCode: 202 }
    }
    const {
      payload: answer,
      failed,
      tail,
    } = await execute(ctx, stored, version, {
      requestId: ctx.requestId,
      payload,
      invokedArn: ref.qualifiedArn,
      clientContext: clientContext(input.ClientContext),
    })
    return {
      StatusCode: 200,
      ExecutedVersion: version.version,
      Payload: answer as never,
      ...(failed ? { FunctionError: 'Unhandled' } : {}),
      ...(input.LogType === 'Tail' ? { LogResult: Buffer.from(tail).toString('base64') } : {}),
    }
  },
})

function checkedPayload(input: Input<'lambda', 'Invoke'>, limit: number): Uint8Array {
  const payload = (input.Payload as Uint8Array | undefined) ?? new Uint8Array()
  const type = input.InvocationType ?? 'RequestResponse'
  if (payload.byteLength > limit)
    throw new AwsError(
      'RequestTooLargeException',
      `${payload.byteLength} byte payload is too large for the ${type} invocation type (limit ${limit} bytes)`,
    )
  if (!payload.byteLength) return payload
  try {
    JSON.parse(Buffer.from(payload).toString())
    return payload
  } catch (error) {
    throw new AwsError(
      'InvalidRequestContentException',
      `Could not parse request body into json: ${(error as Error).message}`,
    )
  }
}

function clientContext(encoded: string | undefined): unknown {
  if (encoded === undefined) return undefined
  try {
    return JSON.parse(Buffer.from(encoded, 'base64').toString())
  } catch {
    throw new AwsError(
      'InvalidRequestContentException',
      'Client context must be a valid Base64-encoded JSON object.',
    )
  }
}
