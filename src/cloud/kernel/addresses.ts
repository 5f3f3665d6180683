/** Where the image registries of the accounts are for clients of this machine. */
import type { Cloud } from './cloud.ts'

/** What a repository's address is made of. */
export interface RepositoryPlace {
  readonly account: string
  readonly region: string
  readonly name: string
}

/**
 * Gives the address that images of a repository are pushed to and pulled from.
 * AWS: `<account>.dkr.ecr.<region>.amazonaws.com/<name>`, which no client of this machine could reach; so account and
 * region stand in the path: `127.0.0.1:<port>/<account>/<region>/<name>`.
 */
export const repositoryUri = (
  cloud: Pick<Cloud, 'endpoint'>,
  { account, region, name }: RepositoryPlace,
): string => `${cloud.endpoint.replace('http://', '')}/${account}/${region}/${name}`
