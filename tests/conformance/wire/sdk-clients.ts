/** The installed SDK clients by service, each ready to talk to a handler in the same process. */

import { clients } from '../../../scripts/model-choices.js'
import { inProcessHandler } from '../../../src/cloud/gateway/in-process-handler.ts'
import { loadModel, type WireRequest, type WireResponse } from '../../../src/cloud/protocols/index.ts'
import { ModelledClient } from '../modelled-client.ts'

type Constructor = new (configuration: Record<string, unknown>) => SdkClient

export interface SdkClient {
  send(command: unknown): Promise<Record<string, unknown>>
  destroy(): void
}

export interface SdkModule {
  readonly client: Constructor
  readonly commands: ReadonlyMap<string, new (input: unknown) => unknown>
  /** Exception classes by name. */
  readonly exceptions: ReadonlyMap<string, new (...args: never[]) => Error>
}

/** Services with an installed SDK client. */
export const sdkServices: readonly string[] = Object.keys(clients)

/** Loads a service's client; one that speaks by the model where none is installed. */
export async function loadSdk(service: string): Promise<SdkModule> {
  if (!(service in clients)) return modelledSdk(service)
  const exported = Object.entries((await import(clients[service]!)) as Record<string, unknown>)
  const [, client] = exported.find(([name]) => /^[A-Z]\w+Client$/.test(name))!
  const commands = new Map<string, never>()
  const exceptions = new Map<string, never>()
  for (const [name, value] of exported) {
    if (typeof value !== 'function') continue
    if (name.endsWith('Command')) commands.set(name.slice(0, -'Command'.length), value as never)
    else if (value.prototype instanceof Error) exceptions.set(name, value as never)
  }
  return { client: client as Constructor, commands, exceptions }
}

/** Starts a client that calls `answer` and never touches the network. */
export function connect(sdk: SdkModule, answer: (wire: WireRequest) => Promise<WireResponse>): SdkClient {
  const silent = () => {}
  return new sdk.client({
    region: 'eu-west-1',
    endpoint: 'http://127.0.0.1:1',
    credentials: { accessKeyId: '111111111111', secretAccessKey: 'test' },
    requestHandler: inProcessHandler(answer),
    maxAttempts: 1,
    forcePathStyle: true,
    logger: { trace: silent, debug: silent, info: silent, warn: silent, error: silent },
  })
}

function modelledSdk(service: string): SdkModule {
  const names = [...loadModel(service).operations.keys()]
  class Client extends ModelledClient {
    constructor(configuration: never) {
      super(service, configuration)
    }
  }
  return {
    client: Client as never,
    commands: new Map(
      names.map((name) => [
        name,
        function command(input: object) {
          return { name, input }
        } as never,
      ]),
    ),
    exceptions: new Map(),
  }
}
