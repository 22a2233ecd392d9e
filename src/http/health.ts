/** Whether the process lives, and whether it can serve (for a container's or a load balancer's checks). */
import express, { type Router } from 'express';

/** `/live` answers as long as the process does; `/ready` while the database is connected. */
export function health(isReady: () => boolean): Router {
  const router = express.Router();
  router.get('/live', (_request, response) => {
    response.json({ status: 'live' });
  });
  router.get('/ready', (_request, response) => {
    const ready = isReady();
    response.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'not ready' });
  });
  return router;
}
