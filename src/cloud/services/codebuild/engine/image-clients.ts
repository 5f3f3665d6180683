/** What skopeo, buildah and podman need in a build: that this cloud's registry is plain HTTP, and a place for logins. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cloud } from '../../../kernel/cloud.ts'

/**
 * Writes their configuration into a folder that goes with the build, and gives the variables that name it. A login
 * within a build therefore stays out of the user's own files. `token` is one of ECR's, for a build that is logged in.
 */
export async function imageClients(
  cloud: Cloud,
  folder: string,
  token?: string,
): Promise<Record<string, string>> {
  const registries = join(folder, 'registries.conf')
  const logins = join(folder, 'registry-logins.json')
  const registry = cloud.endpoint.replace('http://', '')
  await writeFile(
    registries,
    `unqualified-search-registries = ["docker.io"]\n\n[[registry]]\nlocation = "${registry}"\ninsecure = true\n`,
  )
  const docker = join(folder, 'docker')
  await mkdir(docker, { mode: 0o700 })
  const known = JSON.stringify({ auths: token === undefined ? {} : { [registry]: { auth: token } } })
  await writeFile(logins, known, { mode: 0o600 })
  await writeFile(join(docker, 'config.json'), known, { mode: 0o600 })
  return { CONTAINERS_REGISTRIES_CONF: registries, REGISTRY_AUTH_FILE: logins, DOCKER_CONFIG: docker }
}
