/** Which repository a request of git's is about: region and name, from its host and its path. */

export interface Address {
  readonly region: string
  readonly name: string
  /** As git's credential helpers sign it: without what git asks for behind it. */
  readonly path: string
  readonly service: string
  readonly query: string
}

const LOCAL =
  /^(\/_codecommit\/([a-z0-9-]+)\/v1\/repos\/([\w.-]{1,100}))(\/(?:info\/refs|git-upload-pack|git-receive-pack))(?:\?(.*))?$/
const AWS = /^(\/v1\/repos\/([\w.-]{1,100}))(\/(?:info\/refs|git-upload-pack|git-receive-pack))(?:\?(.*))?$/
const AWS_HOST = /^(?:vpce-[a-z0-9-]+\.)?git-codecommit(?:-fips)?\.([a-z0-9-]+)\./

/** Gives what is meant; undefined for what is no address of a repository. */
export function readAddress(host: string, url: string): Address | undefined {
  const local = LOCAL.exec(url)
  if (local) {
    const [, path = '', region = '', name = '', service = '', query = ''] = local
    return { region, name, path, service, query }
  }
  const region = AWS_HOST.exec(host.toLowerCase())?.[1]
  const aws = AWS.exec(url)
  if (!region || !aws) return undefined
  const [, path = '', name = '', service = '', query = ''] = aws
  return { region, name, path, service, query }
}
