/** The addresses of the desk. Filters live in the query, so that every view can be kept and passed on. */
import { createRouter, createWebHistory } from 'vue-router'

import InboxPage from './InboxPage.vue'

export const router = createRouter({
  history: createWebHistory('/desk/'),
  routes: [
    { path: '/', name: 'inbox', component: InboxPage },
    { path: '/cases/:id', name: 'case', component: InboxPage },
    { path: '/new/:kind?', name: 'new', component: () => import('./NewCasePage.vue') },
    { path: '/map', name: 'map', component: () => import('./MapPage.vue') },
    { path: '/bricks', name: 'bricks', component: () => import('./BricksPage.vue') },
    { path: '/:rest(.*)', redirect: { name: 'inbox' } },
  ],
})
