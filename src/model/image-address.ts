/** What the name of a container image says of where it is in ECR. */

export interface ImageAddress {
  readonly account: string
  readonly region: string
  readonly repository: string
  readonly tag?: string
  readonly digest?: string
}

/** AWS's addresses of a registry, and the one that clients of this machine use (`docs/decisions/0007-registry-addresses.md`). */
const REGISTRIES = [
  /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws)\//,
  /^(?:127\.0\.0\.1|localhost):\d+\/(\d{12})\/([a-z0-9-]+)\//,
]

/** Gives what an image's name says; undefined where it is in no registry of ECR. AWS: without a tag it is `latest`. */
export function imageAddress(image: string): ImageAddress | undefined {
  for (const registry of REGISTRIES) {
    const at = registry.exec(image)
    const named = at && /^([^:@]+)(?::([^@]+))?(?:@(.+))?$/.exec(image.slice(at[0].length))
    if (!named) continue
    const [, account = '', region = ''] = at
    const [, repository = '', tag, digest] = named
    return { account, region, repository, tag: tag ?? (digest ? undefined : 'latest'), digest }
  }
  return undefined
}
