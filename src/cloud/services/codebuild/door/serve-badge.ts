/** Build badges: a picture of how the newest build of a branch stands, which everybody may see. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Build } from '@aws-sdk/client-codebuild'
import type { Cloud } from '../../../kernel/cloud.ts'
import type { ContextFactory } from '../../../kernel/context.ts'
import { anonymousIdentity } from '../../../kernel/identity.ts'
import { buildsInOrder } from '../engine/history.ts'
import { projects, type StoredBuild } from '../state.ts'

/** AWS: "CodeBuild badge statuses". */
type Status = 'PASSING' | 'FAILING' | 'IN_PROGRESS' | 'UNKNOWN'

const COLORS: Record<Status, string> = {
  PASSING: '#3a3',
  FAILING: '#c33',
  IN_PROGRESS: '#27c',
  UNKNOWN: '#777',
}

/** Answers `/_codebuild/badges?uuid=…&branch=…`, or `&tag=…`. AWS: the address is the whole secret. */
export async function serveBadge(
  request: IncomingMessage,
  response: ServerResponse,
  cloud: Cloud,
  context: ContextFactory,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', cloud.endpoint)
  if (pathname !== '/_codebuild/badges' || request.method !== 'GET') {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('There is nothing but build badges here\n')
    return
  }
  const uuid = searchParams.get('uuid') ?? ''
  const [branch, tag] = [searchParams.get('branch'), searchParams.get('tag')]
  const of = tag === null ? { branch: branch ?? 'main' } : { tag }
  const picture = draw(statusOf(cloud, context, uuid, of))
  response
    .writeHead(200, { 'content-type': 'image/svg+xml', 'cache-control': 'no-cache, no-store' })
    .end(picture)
}

type Of = { readonly branch: string } | { readonly tag: string }

function statusOf(cloud: Cloud, context: ContextFactory, uuid: string, of: Of): Status {
  for (const { account, region, table } of cloud.store.everywhere(projects)) {
    const project = table.values().find(({ badge }) => badge?.badgeRequestUrl?.includes(`uuid=${uuid}&`))
    if (!uuid || !project?.badge?.badgeEnabled) continue
    const ctx = context({ identity: anonymousIdentity, account, region })
    for (const build of buildsInOrder(ctx))
      if (build.projectName === project.name && isOf(build, of)) return told(build)
  }
  return 'UNKNOWN'
}

/** Whether a build is of a branch or a tag. */
function isOf({ webhook, sourceVersion = '', branch }: StoredBuild, of: Of): boolean {
  const [kind, name] = 'tag' in of ? ['tag', of.tag] : ['branch', of.branch]
  if (webhook) return webhook.TRIGGER === `${kind}/${name}`
  const full = `refs/${kind === 'tag' ? 'tags' : 'heads'}/${name}`
  return (
    (kind === 'branch' && branch === name) || sourceVersion === name || sourceVersion.split('^{')[0] === full
  )
}

function told({ buildStatus }: Build): Status {
  if (buildStatus === 'IN_PROGRESS') return 'IN_PROGRESS'
  return buildStatus === 'SUCCEEDED' ? 'PASSING' : 'FAILING'
}

const draw = (status: Status): string => {
  const text = status.toLowerCase().replace('_', ' ')
  return `<svg xmlns="http://www.w3.org/2000/svg" width="130" height="20" role="img" aria-label="build: ${text}">
  <title>build: ${text}</title>
  <rect width="45" height="20" fill="#444"/>
  <rect x="45" width="85" height="20" fill="${COLORS[status]}"/>
  <g fill="#fff" font-family="sans-serif" font-size="11" text-anchor="middle">
    <text x="22.5" y="14">build</text>
    <text x="87.5" y="14">${text}</text>
  </g>
</svg>
`
}
