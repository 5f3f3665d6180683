/** A request to the registry, read: whose repository it means and what is wanted of it. */
import type { IncomingMessage } from 'node:http'
import type { RepositoryPlace } from '../../../kernel/addresses.ts'
import type { Input, OperationName, Output } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Named } from '../engine/find.ts'

export interface Wanted extends RepositoryPlace {
  readonly method: string
  readonly kind: 'manifests' | 'blobs' | 'uploads' | 'tags'
  /** Tag, digest, or id of an upload. */
  readonly reference: string
  readonly query: URLSearchParams
  /** The path of the repository as it was sent, for addresses in the answer. */
  readonly path: string
}

/** What an operation is given besides the repository. */
type Rest<O extends OperationName<'ecr'>> = Omit<Input<'ecr', O>, keyof Named>

export interface RegistryCall extends Wanted {
  readonly request: IncomingMessage
  /** In the repository's region, under the identity that logged in. */
  readonly ctx: Context
  readonly named: Named & { readonly registryId: string }
  /** Calls ECR with the identity that logged in, so that it is authorized like any call. */
  call<O extends OperationName<'ecr'>>(operation: O, input: Rest<O>): Promise<Output<'ecr', O>>
}

export interface RegistryAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

const AWS_HOST = /^(\d{12})\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?::\d+)?$/
const LOCAL_NAME = /^(\d{12})\/([a-z0-9-]+)\/(.+)$/
const PATH = /^(\/v2\/(.+))\/(manifests|blobs|tags)\/(uploads\/)?([^/]*)$/

/**
 * Reads method, host and address; undefined for what is no address of a repository.
 * Account and region come from AWS's host name where the client was led here by it, else from the path.
 */
export function readCall(method: string, host: string, address: string): Wanted | undefined {
  const url = new URL(address, 'http://registry')
  const [, path = '', name = '', kind = '', uploads, reference = ''] = PATH.exec(url.pathname) ?? []
  const aws = AWS_HOST.exec(host)
  const place = aws ? [...aws.slice(1, 3), name] : LOCAL_NAME.exec(name)?.slice(1)
  if (!place || (uploads && kind !== 'blobs')) return undefined
  const [account = '', region = '', repository = ''] = place
  return {
    method,
    account,
    region,
    name: repository,
    kind: uploads ? 'uploads' : (kind as Wanted['kind']),
    // Of what may stand in a tag or a digest, clients write only the colon otherwise.
    reference: reference.replace(/%3a/gi, ':'),
    query: url.searchParams,
    path,
  }
}
