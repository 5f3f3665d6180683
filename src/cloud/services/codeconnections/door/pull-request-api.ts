/**
 * What people do at a provider beside pushing: pull requests opened, looked at, merged and closed, and what builds tell of
 * commits; as JSON below the address of a repository.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { readJson } from '../../../../model/index.ts'
import { decodedBody } from '../../../machine/decoded-body.ts'
import { statusesOf } from '../../../sources/commit-status.ts'
import { tellChanges } from '../engine/announce-push.ts'
import { inTurn } from '../engine/in-turn.ts'
import { mergePullRequest, NotMergeable } from '../engine/merge-pull-request.ts'
import {
  applyChange,
  changeOf,
  defaultBranch,
  findPullRequest,
  newPullRequest,
  type Place,
  pullRequestsOf,
} from '../engine/pull-requests.ts'
import { branches } from '../engine/repository-folder.ts'
import type { PullRequest } from '../state.ts'

const ROUTE = /^\/(?:pulls(?:\/([1-9]\d{0,8})(\/merge)?)?|statuses\/([0-9a-f]{40}))$/
/** Bytes that a request may have. */
const LIMIT = 64 * 1024

interface Answer {
  readonly status: number
  readonly body: unknown
}

const refuse = (status: number, message: string): Answer => ({ status, body: { message } })

/** Whether a path below a repository is one of these. */
export const isApi = (path: string): boolean => ROUTE.test(path)

/** Answers a request; `path` is what stands below the repository's address. */
export async function serveApi(
  request: IncomingMessage,
  response: ServerResponse,
  place: Place,
  path: string,
): Promise<void> {
  const [, number, merge, commit] = ROUTE.exec(path) ?? []
  const { status, body } = await answer(request, place, { number: Number(number), merge, commit })
  response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body, null, 2)}\n`)
}

interface Asked {
  readonly number: number
  readonly merge: string | undefined
  readonly commit: string | undefined
}

async function answer(
  request: IncomingMessage,
  place: Place,
  { number, merge, commit }: Asked,
): Promise<Answer> {
  const { cloud, repository } = place
  const { method } = request
  if (method === 'GET' && commit) return { status: 200, body: statusesOf(cloud, repository, commit) }
  if (method === 'GET' && !number)
    return { status: 200, body: pullRequestsOf(cloud, repository).map((one) => shown(place, one)) }
  const found = number ? findPullRequest(cloud, repository, number) : undefined
  if (number && !found) return refuse(404, `There is no pull request ${number} of ${repository}`)
  if (method === 'GET' && found) return { status: 200, body: shown(place, found) }
  if (method !== 'POST' || commit) return refuse(405, `${method} is not what is done here`)
  const input = await readInput(request)
  if (typeof input === 'string') return refuse(400, input)
  return inTurn(cloud, repository, () => {
    if (!found) return open(place, input)
    return merge ? mergeIt(place, number) : turn(place, number, input.state)
  })
}

const shown = ({ cloud }: Place, one: PullRequest) => ({
  ...one,
  created: new Date(one.created).toISOString(),
  updated: new Date(one.updated).toISOString(),
  statuses: statusesOf(cloud, one.repository, one.commit),
})

type Input = Readonly<Record<string, unknown>>

/** Gives the request's object, or what is wrong with it. */
async function readInput(request: IncomingMessage): Promise<Input | string> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of decodedBody(request)) {
      bytes += (chunk as Buffer).length
      if (bytes > LIMIT) return `The request has more than ${LIMIT} bytes`
      chunks.push(chunk as Buffer)
    }
    const read: unknown = readJson(Buffer.concat(chunks).toString() || '{}')
    return typeof read === 'object' && read !== null && !Array.isArray(read)
      ? (read as Input)
      : 'The body is no object'
  } catch (error) {
    return `The body is no JSON: ${(error as Error).message}`
  }
}

async function open(place: Place, { source, destination, title }: Input): Promise<Answer> {
  const into = destination ?? (await defaultBranch(place.folder))
  if (typeof source !== 'string' || typeof into !== 'string')
    return refuse(400, 'source, and destination where it is given, are names of branches')
  if (title !== undefined && typeof title !== 'string') return refuse(400, 'title is a text')
  if (source === into) return refuse(422, 'source and destination are the same branch')
  const heads = new Map(await branches(place.folder))
  const commit = heads.get(source)
  if (!commit) return refuse(422, `${place.repository} has no branch ${source}: push it first`)
  if (!heads.has(into)) return refuse(422, `${place.repository} has no branch ${into}`)
  const isSame = (one: PullRequest) =>
    one.state === 'OPEN' && one.source === source && one.destination === into
  const same = pullRequestsOf(place.cloud, place.repository).find(isSame)
  if (same) return refuse(422, `pull request ${same.number} is open from ${source} into ${into} already`)
  const wish = { source, destination: into, commit, ...(title !== undefined && { title }) }
  const change = await changeOf(place, newPullRequest(place, wish), { event: 'OPEN' })
  applyChange(place.cloud, change)
  return { status: 201, body: shown(place, change.record) }
}

/** Closes a pull request, or opens it again. */
async function turn(place: Place, number: number, state: unknown): Promise<Answer> {
  const found = findPullRequest(place.cloud, place.repository, number)!
  if (state !== 'closed' && state !== 'open') return refuse(400, 'state is to be "open" or "closed"')
  if ((state === 'open') === (found.state === 'OPEN'))
    return refuse(422, `pull request ${number} is ${state} already`)
  if (found.merged) return refuse(422, `pull request ${number} is merged`)
  const fate =
    state === 'open' ? ({ event: 'OPEN', reopened: true } as const) : ({ event: 'CLOSED' } as const)
  const change = await changeOf(place, found, fate)
  applyChange(place.cloud, change)
  return { status: 200, body: shown(place, change.record) }
}

async function mergeIt(place: Place, number: number): Promise<Answer> {
  const found = findPullRequest(place.cloud, place.repository, number)!
  if (found.state !== 'OPEN') return refuse(422, `pull request ${number} is closed`)
  try {
    await mergePullRequest(place, found)
  } catch (error) {
    if (error instanceof NotMergeable) return refuse(409, error.message)
    throw error
  }
  // The destination has its head now: so it is told as merged, with the push.
  await tellChanges(place.cloud, place.repository, place.actor)
  return { status: 200, body: shown(place, findPullRequest(place.cloud, place.repository, number)!) }
}
