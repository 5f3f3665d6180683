/** How processes that the cloud starts reach it under AWS's own host names. */

/** Files for such processes; each has the cloud's port and authority in it, and is good until the cloud stops. */
export interface HostNameFiles {
  /** For `node --require`: leads TLS to AWS's host names to the cloud. */
  readonly nodePreload: string
  /** Python to be run before all else, which does the same. */
  readonly pythonPreload: string
  /** A folder for PYTHONPATH, where every Python finds that by itself. */
  readonly pythonFolder: string
  /** The certificate of the cloud's authority, PEM. */
  readonly authority: string
  /** That, and what this machine trusts, PEM. */
  readonly bundle: string
}

export interface HostNames {
  /** Gives the files, made when they are first asked for. */
  files(): Promise<HostNameFiles>
}
