/** Libraries of functions as RDB files carry them: their code, which whoever runs functions takes and gives back. */

import { defineService } from '../../engine/services.js'

export interface Libraries {
  /**
   * Takes a library's code.
   *
   * @param replaces  one of the same name may be there already
   * @returns why it is refused
   */
  load(code: Uint8Array, replaces: boolean): string | undefined
  /** The code of every library. */
  codes(): Iterable<Uint8Array>
  clear(): void
}

export const libraries = defineService<Libraries>('libraries')

/** Keeps what it is given and never looks inside, so that files lose nothing where nobody can run functions. */
export class KeptLibraries implements Libraries {
  private kept: Uint8Array[]

  constructor() {
    this.kept = []
  }

  load(code: Uint8Array): undefined {
    this.kept.push(code)
  }

  codes(): Iterable<Uint8Array> {
    return this.kept
  }

  clear(): void {
    this.kept = []
  }
}
