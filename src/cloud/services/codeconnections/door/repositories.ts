/** Local git repositories that stand for the provider's: served over HTTP, and a push is told to the pipelines. */
import { existsSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { basicUser } from '../../../kernel/basic-user.ts'
import type { Cloud } from '../../../kernel/cloud.ts'
import { createRepository } from '../../../machine/bare-repository.ts'
import { isDecodable } from '../../../machine/decoded-body.ts'
import { isPush, serveGit } from '../../../machine/serve-git.ts'
import { announcePushes } from '../engine/announce-push.ts'
import { keepRepository, repositoryFolder } from '../engine/repository-folder.ts'
import { isApi, serveApi } from './pull-request-api.ts'

const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/
const ADDRESS = /^\/_codeconnections\/([^/?]+)\/([^/?]+?)(?:\.git)?(\/[^?]*)(?:\?(.*))?$/
const GIT = ['/info/refs', '/git-upload-pack', '/git-receive-pack']

/**
 * Git's smart HTTP protocol at `/_codeconnections/<owner>/<name>.git`, through git's own http-backend.
 * User name and password are an access key id and its secret. Pushing to a repository that is not there makes it.
 */
export async function serveRepository(
  request: IncomingMessage,
  response: ServerResponse,
  cloud: Cloud,
): Promise<void> {
  const user = basicUser(request, cloud)
  if (!user) {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="crossdock"', 'content-type': 'text/plain' })
    response.end('Give an access key id as user name and its secret access key as password.\n')
    return
  }
  const [, owner = '', name = '', service = '', query = ''] = ADDRESS.exec(request.url ?? '') ?? []
  const repository = `${owner}/${name}`
  const folder = NAME.test(owner) && NAME.test(name) ? repositoryFolder(cloud, repository) : undefined
  if (folder && isApi(service) && existsSync(folder))
    return serveApi(request, response, { cloud, repository, folder, actor: user.identity.account }, service)
  const writes = isPush({ service, query })
  if (!GIT.includes(service) || !folder || (!writes && !existsSync(folder))) {
    response
      .writeHead(404, { 'content-type': 'text/plain' })
      .end(`There is no repository at ${request.url}\n`)
    return
  }
  if (isDecodable(request) && !existsSync(folder)) await createRepository(folder)
  if (isDecodable(request) && writes) await keepRepository(cloud, repository)
  const details = { folder, service, query, user: user.id }
  if (service !== '/git-receive-pack') return serveGit(cloud.processes, request, response, details)
  // Git is answered once the push is told and on disk: what it has heard of starts what it should.
  await serveGit(cloud.processes, request, response, details, () =>
    announcePushes(cloud, repository, user.identity.account),
  )
}
