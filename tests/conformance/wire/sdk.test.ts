/** Every operation of every generated model, there and back through the AWS SDK's own clients. */

import { describe, expect, test } from 'vitest'
import {
  decode,
  encode,
  encodeError,
  type Fields,
  type OperationModel,
  route,
  type ServiceModel,
} from '../../../src/cloud/protocols/index.ts'
import { AwsError } from '../../../src/model/index.ts'
import { addressees } from './addressees.ts'
import { authenticateAndRead } from './authenticated.ts'
import { collected, difference } from './compare.ts'
import { sdkExceptions } from './exceptions.ts'
import { sampleOf } from './sample.ts'
import { addedByClient, inputOptions, outputOptions } from './sample-options.ts'
import { connect, loadSdk, type SdkModule, sdkServices } from './sdk-clients.ts'

describe.each(sdkServices)('%s through the SDK', (service) => {
  const model = addressees.model(service)

  test('every operation arrives as sent and is parsed as answered', async () => {
    const sdk = await loadSdk(service)
    const failures: Record<string, string> = {}
    for (const operation of model.operations.values()) {
      if (operation.eventStream || !sdk.commands.has(operation.name)) continue
      const failure = await roundTrip(sdk, model, operation)
      if (failure !== undefined) failures[operation.name] = failure
    }
    const known = sdkExceptions[service] ?? {}
    expect(Object.entries(failures).filter(([name]) => !(name in known))).toEqual([])
    expect(Object.keys(known).filter((name) => !(name in failures))).toEqual([])
  })

  test('every modelled error becomes its exception class', async () => {
    const sdk = await loadSdk(service)
    const failures: string[] = []
    for (const [name, exception] of sdk.exceptions) {
      if (model.error(name) === undefined) continue
      const failure = await errorRoundTrip(sdk, model, name, exception)
      if (failure) failures.push(`${name}: ${failure}`)
    }
    expect(failures).toEqual([])
  })
})

async function roundTrip(
  sdk: SdkModule,
  model: ServiceModel,
  operation: OperationModel,
): Promise<string | undefined> {
  const input = inputFor(model, operation)
  const output = operation.output ? sampleOf(operation.output, outputOptions(model, operation)) : {}
  let arrived: Fields = {}
  let routed = ''
  const client = connect(sdk, async (wire) => {
    const found = route(model, wire)
    routed = found.name
    arrived = await collected(decode(model, found, await authenticateAndRead(model, found, wire)))
    return encode(model, operation, output, 'request-1')
  })
  try {
    const Command = sdk.commands.get(operation.name)!
    const { $metadata, ...answer } = await client.send(new Command({ ...input }))
    if (routed !== operation.name) return `routed to ${routed}`
    const unexplained = (fields: Fields, sent: Fields): Fields =>
      Object.fromEntries(
        Object.entries(fields).filter(([name]) => name in sent || !addedByClient(model, name)),
      )
    const inputDiffers = difference(input, unexplained(arrived, input))
    if (inputDiffers !== undefined) return `input ${inputDiffers}`
    const outputDiffers = difference(output, unexplained(await collected(answer), output))
    return outputDiffers === undefined ? undefined : `output ${outputDiffers}`
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`
  } finally {
    client.destroy()
  }
}

function inputFor(model: ServiceModel, operation: OperationModel): Fields {
  return operation.input ? sampleOf(operation.input, inputOptions(model, operation)) : {}
}

async function errorRoundTrip(
  sdk: SdkModule,
  model: ServiceModel,
  name: string,
  exception: new (...args: never[]) => Error,
): Promise<string | undefined> {
  const operation = [...model.operations.values()].find(
    (one) => !one.eventStream && sdk.commands.has(one.name) && one.method !== 'HEAD',
  )!
  const fields = sampleOf(model.error(name)!, { omit: (one) => /^([mM]essage|Type)$/.test(one) })
  const thrown = new AwsError(name, 'Said <no>', { fields })
  const client = connect(sdk, async () => encodeError(model, operation, thrown, 'request-1'))
  try {
    const Command = sdk.commands.get(operation.name)!
    await client.send(new Command(inputFor(model, operation)))
    return 'did not fail'
  } catch (error) {
    const caught = error as Error & Fields
    const isClass: boolean = caught instanceof exception
    if (!isClass) return `is ${caught.name}: ${caught.message}`
    if (caught.message !== 'Said <no>') return `says ${caught.message}`
    return difference(fields, Object.fromEntries(Object.keys(fields).map((key) => [key, caught[key]])))
  } finally {
    client.destroy()
  }
}
