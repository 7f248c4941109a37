/**
 * `npm start -- <arguments of spinel-server>`: builds what is missing, then becomes the server, with the arguments
 * as they were given. The server runs in this very process, so that signals, exit code and standard streams are its own.
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bundles, isFresh, prepareOrExit, root } from './project.mjs'

stopWithParent()

// A bundle that is up to date needs nothing else: no node_modules, no registry.
if (!isFresh('bundle')) await prepareOrExit('bundle')

process.argv[1] = join(root, 'bin', 'spinel-server')
await import(pathToFileURL(join(root, bundles[0].outfile)).href)

/**
 * npm starts us through a shell, passes SIGTERM to that shell and ends; many shells die of it without telling us, and
 * the server would keep running with nobody to stop it. When the shell goes away, that is our SIGTERM.
 */
function stopWithParent() {
  if (process.env.npm_lifecycle_event !== 'start' || process.platform === 'win32') return
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, 250)
  watch.unref()
}
